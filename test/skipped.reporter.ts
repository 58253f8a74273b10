/** Names the tests that were skipped: vitest's own report only counts them. The title or the note says why. */
import type { Reporter, TestModule, Vitest } from 'vitest/node';

export default class SkippedReporter implements Reporter {
  #filtered = false;

  onInit({ config }: Vitest): void {
    this.#filtered = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // A run of named tests skips all others.
    if (this.#filtered) return;
    for (const { children } of modules) {
      for (const test of children.allTests('skipped')) {
        const result = test.result();
        const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
        process.stdout.write(`skipped: ${test.fullName}${note}\n`);
      }
    }
  }
}
