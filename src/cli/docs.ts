/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import { writeFile } from 'node:fs/promises';
import { diagnosticsPage } from '../nmodl/diagnostics-page.ts';

await writeFile(new URL('../../docs/diagnostics.md', import.meta.url), diagnosticsPage());
