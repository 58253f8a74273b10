/** A run that is to be killed: opens the server that its first argument chooses, says so, and goes on for ever. */
import { openServer, parsePostgresChoice } from '../../src/postgres/server.ts';

const [choice = 'embedded', image] = process.argv.slice(2);
await openServer(parsePostgresChoice(choice), image === undefined ? {} : { image });
process.stdout.write('ready\n');
