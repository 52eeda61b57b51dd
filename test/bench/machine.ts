/** What the numbers were measured on. */
import { cpus } from 'node:os';
import type { BenchResult } from './result.ts';

/** @param pinnedTo the core that everything was bound to; null for none */
export function machine(pinnedTo: number | null): BenchResult['machine'] {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    pinnedTo,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}
