/**
 * A vitest reporter that counts what ran, failed and was skipped, and writes it as JSON where `TWINCELL_TALLY` says,
 * so that `run.ts` can add the runs up.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** What one run of vitest came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
}

export default class TallyReporter implements Reporter {
  private root = process.cwd();

  onInit(vitest: Vitest): void {
    this.root = vitest.config.root;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = process.env.TWINCELL_TALLY;
    if (file === undefined) return;
    const tally = { passed: 0, failed: unhandled.length, skipped: [] as { test: string; reason: string }[] };
    for (const module of modules) {
      tally.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') tally.passed++;
        else if (result.state === 'skipped') {
          const name = `${relative(this.root, module.moduleId)} > ${test.fullName}`;
          tally.skipped.push({ test: name, reason: result.note ?? 'its condition does not hold here' });
        } else tally.failed++;
      }
      for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
    }
    writeFileSync(file, JSON.stringify(tally));
  }
}
