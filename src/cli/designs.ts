/** `seatproof designs`: the presets, their figures, and what those figures do not keep. */
import { Command } from 'commander';
import { PRESETS } from '../core/presets/index.ts';
import { validatePolicy } from '../core/validate-policy.ts';
import { designsAsJson, designTable } from '../report/design-table.ts';
import { print } from './console.ts';
import { EXIT } from './failures.ts';

const EXAMPLES = `
Examples:
  seatproof designs                     a table for people
  seatproof designs --json              every value of every policy, for programs
`;

export function designsCommand(finish: (code: number) => void): Command {
  return new Command('designs')
    .description('list the designs that come with Seatproof, their figures, and the warnings on them')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(({ json }: { readonly json?: true }) => {
      const designs = PRESETS.map(({ about, policy }) => ({ about, policy, warnings: validatePolicy(policy) }));
      print(json === true ? designsAsJson(designs) : designTable(designs));
      finish(EXIT.passed);
    });
}
