/**
 * The tests, a project a folder. Workers are processes (`forks`): zeromq is a native addon that dislikes threads. The
 * condition `twincell-source` makes `import 'twincell'` mean the sources.
 */
import { defineConfig } from 'vitest/config';
import { PROJECTS } from './test/projects.ts';

const CONDITION = 'twincell-source';

export default defineConfig({
  resolve: { conditions: [CONDITION, 'node', 'module', 'default'] },
  ssr: { resolve: { conditions: [CONDITION, 'node', 'module', 'default'], externalConditions: [CONDITION, 'node'] } },
  test: {
    pool: 'forks',
    execArgv: [`--conditions=${CONDITION}`],
    maxWorkers: 2,
    // no test may fail by noise: the slowest take under a minute on two quiet cores, and minutes on busy ones
    testTimeout: 900_000,
    hookTimeout: 900_000,
    projects: PROJECTS.map((name) => ({
      extends: true,
      test: { name, include: [`test/${name}/**/*.test.ts`] },
    })),
  },
});
