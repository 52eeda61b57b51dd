/** `twincell cache list|prune`. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { cacheFolder, list, prune } from '../../env/index.mjs';
import { runAction } from './context.ts';
import { type SharedOptions, wholeNumber, withShared } from './options.ts';

type Entry = Awaited<ReturnType<typeof list>>[number];

export function addCache(program: Command): void {
  const cache = program.command('cache').description('what set-up made, and how to take it away');
  addList(cache);
  addPrune(cache);
}

function addList(cache: Command): void {
  const command = cache
    .command('list', { isDefault: true })
    .description('environments, compiled mechanisms, model files, downloads, code, the solver’s plans');
  withShared(command, []).action((options: SharedOptions) =>
    runAction('cache list', options.json === true, async ({ output }) => {
      const entries = await list();
      output.line(`${cacheFolder()}: ${megabytes(total(entries))}`);
      if (entries.length > 0) output.line(tableOf(entries));
      output.result({ folder: cacheFolder(), entries, bytes: total(entries) });
      return 0;
    }),
  );
}

interface PruneOptions extends SharedOptions {
  readonly all?: boolean;
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

function addPrune(cache: Command): void {
  const command = cache
    .command('prune')
    .description('remove what this version does not use; what a process uses now stays')
    .option('--all', 'remove everything')
    .option('--older-than <days>', 'only what was not used for so long (default 14)', wholeNumber(0))
    .option('--dry-run', 'only say what would go');
  withShared(command, []).action(({ json, all, olderThan, dryRun }: PruneOptions) =>
    runAction('cache prune', json === true, async ({ output }) => {
      const asked = {
        ...(all === undefined ? {} : { all }),
        ...(olderThan === undefined ? {} : { olderThanDays: olderThan }),
        ...(dryRun === undefined ? {} : { dryRun }),
      };
      const { removed } = await prune(asked);
      if (removed.length > 0) output.line(tableOf(removed));
      output.line(`${dryRun ? 'would remove' : 'removed'} ${removed.length} entries, ${megabytes(total(removed))}`);
      output.result({ folder: cacheFolder(), removed, bytes: total(removed), dryRun: dryRun === true });
      return 0;
    }),
  );
}

function tableOf(entries: readonly Entry[]): string {
  const table = new Table({ head: ['kind', 'name', 'size', 'last used'], style: { head: [], border: [] } });
  for (const { kind, name, bytes, lastUsed, current, inUse } of entries) {
    const state = inUse ? ' (in use)' : current ? '' : ' (not used by this version)';
    table.push([kind, `${name}${state}`, megabytes(bytes), lastUsed?.slice(0, 10) ?? 'unknown']);
  }
  return table.toString();
}

function total(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.bytes, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
