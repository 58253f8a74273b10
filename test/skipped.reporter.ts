/** Names the tests that were skipped: vitest's own report only counts them, and their titles say why. */
import type { Reporter, TestModule, Vitest } from 'vitest/node';

export default class SkippedReporter implements Reporter {
  #filtered = false;

  onInit({ config }: Vitest): void {
    this.#filtered = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // Whoever names a test does not want to read of all others.
    if (this.#filtered) return;
    for (const { children } of modules) {
      for (const { fullName } of children.allTests('skipped')) process.stdout.write(`skipped: ${fullName}\n`);
    }
  }
}
