/** `seatproof designs`: the built-in designs and their figures, and what a design of the user's own can be used for. */
import { Command } from 'commander';
import { kindOf } from '../designs/design.ts';
import { validatePolicy } from '../core/validate-policy.ts';
import { designsAsJson, designTable } from '../report/design-table.ts';
import { print } from './console.ts';
import { EXIT } from './failures.ts';

interface DesignsFlags {
  readonly json?: true;
  readonly postgres?: string;
}

const EXAMPLES = `
Examples:
  seatproof designs                   the built-in designs, as a table
  seatproof designs --json            every policy in full, as JSON
  seatproof designs ./my-service.ts   which commands and laws work with your own design
`;

export function designsCommand(finish: (code: number) => void): Command {
  return new Command('designs')
    .description('list the built-in designs, or show which commands and laws work with one design')
    .argument('[design]', 'a built-in design, or a module that exports one')
    .option('--postgres <which>', 'for a design in SQL: embedded (default), container, or the URL of a server')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, flags: DesignsFlags) => {
      print(name === undefined ? await all(flags.json === true) : await one(name, flags));
      finish(EXIT.passed);
    });
}

async function all(json: boolean): Promise<string> {
  const { DESIGNS } = await import('../designs/all.ts');
  const designs = DESIGNS.map(({ name, about, policy }) => ({
    about,
    policy: { ...policy, name },
    warnings: validatePolicy(policy),
  }));
  return json ? designsAsJson(designs) : designTable(designs);
}

async function one(name: string, { json, postgres }: DesignsFlags): Promise<string> {
  const { resolveDesign, serverFor } = await import('./design-flag.ts');
  const { withItsRequests } = await import('../world/requests.ts');
  const { factsOf } = await import('./design-facts.ts');
  const { designFactsAsJson, designFactsText } = await import('../report/design-facts.ts');
  const { tryDesign } = await import('./design-trial.ts');
  const design = await withItsRequests((await resolveDesign(name, 'designs')).design);
  const server = await serverFor({ design, text: name }, postgres, 'designs');
  try {
    const trial = kindOf(design) === 'policy' ? null : await tryDesign(design, server);
    const facts = await factsOf(design, trial);
    return json === true ? designFactsAsJson(facts) : designFactsText(facts);
  } finally {
    await server?.close();
  }
}
