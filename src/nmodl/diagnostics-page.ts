/** The page of the documentation that lists every diagnostic, made from their table. */
import { DIAGNOSTICS } from './diagnostics.ts';

export function diagnosticsPage(): string {
  const rows = Object.entries(DIAGNOSTICS).map(([code, entry]) => {
    const hint = 'hint' in entry ? entry.hint : '';
    return `| \`${code}\` | ${entry.severity} | ${entry.message.replace(/\{(\w+)\}/g, '*$1*')} | ${hint} |`;
  });
  return [
    '# Diagnostics of the NMODL compiler',
    '',
    'Made from the table in `src/nmodl/diagnostics.ts` by `npm run docs`. A code keeps its meaning from version to version.',
    '',
    '| code | severity | what it says | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
