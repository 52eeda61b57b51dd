/** The folders of tests that `npm test` runs, the quickest first; each is a project of vitest. */
export const PROJECTS = ['unit', 'conformance', 'faults', 'e2e', 'browser'] as const;
