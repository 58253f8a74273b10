/** `npm run bench`: measures what Seatproof promises of its speed, prints a table and JSON, and fails where it is not kept. */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchExhaust } from './exhaust.ts';
import { benchJudge } from './judge.ts';
import { benchExhaustSessions } from './exhaust-sessions.ts';
import { benchModel } from './model.ts';
import { benchRace } from './race.ts';
import { benchReplay } from './replay.ts';
import { benchSearch } from './search.ts';
import { benchStart } from './start.ts';
import { benchTune } from './tune.ts';
import { benchWire } from './wire.ts';
import { benchWorld } from './world.ts';
import { missed, summary, type Figure } from './figure.ts';

const BENCHES: Record<string, () => Promise<readonly Figure[]>> = {
  model: benchModel,
  judge: benchJudge,
  replay: benchReplay,
  start: benchStart,
  exhaust: benchExhaust,
  wire: benchWire,
  race: benchRace,
  sessions: benchExhaustSessions,
  tune: benchTune,
  world: benchWorld,
  search: benchSearch,
};

/** Takes an hour, so it is only done by name. */
const BY_NAME = ['search'];

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('|')} …]

Without a name all are run but ${BY_NAME.join(', ')}. The table goes to standard error, the JSON to standard output.
The exit code is 1 when a promise was missed.
`;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !(name in BENCHES));
if (values.help === true || unknown.length > 0) {
  process.stderr.write(unknown.length > 0 ? `there is no bench '${unknown.join("', '")}'\n\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 ? !positionals.includes(name) : BY_NAME.includes(name)) continue;
  for (const figure of await bench()) {
    figures.push(figure);
    process.stderr.write(`${summary(figure)}\n`);
  }
}
const failure = missed(figures);
if (failure !== null) process.stderr.write(`${failure}\n`);
const [load = 0] = loadavg();
const machine = { node: process.version, cores: availableParallelism(), load };
process.stdout.write(`${JSON.stringify({ ...machine, kept: failure === null, figures }, null, 2)}\n`);
process.exitCode = failure === null ? 0 : 1;
