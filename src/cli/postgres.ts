/** A Postgres for a run: opened while other work goes on, and closed however that work ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Policy } from '../core/policy.ts';
import type { PostgresChoice } from '../postgres/server.ts';
import type { Target } from '../report/run-report.ts';
import type { Design } from '../designs/design.ts';
import type { DatabasePlayer } from '../world/play-on-database.ts';
import type { Deployment } from '../service/port.ts';

export interface OpenPostgres {
  readonly target: Target;
  readonly deploy: (policy: Policy) => Promise<Deployment>;
  /** Makes the tables of a design in SQL, to play Scripts on. */
  readonly playerOf: (design: Design) => Promise<DatabasePlayer>;
}

export interface PostgresInTheBackground {
  /** Throws the reason why there will be no Postgres, as soon as it is known. */
  check(): void;
  ready(): Promise<OpenPostgres>;
  /** Closes what there is, and what is still to come. */
  close(): Promise<void>;
}

/** How long a server that is still being opened is waited for, to close it. After that the exit of this process removes it. */
const PATIENCE_MS = 5_000;

/** Reads the choice at once, so that a wrong one is a usage error before any work. */
export async function beginPostgres(choiceText: string, image: string | null): Promise<PostgresInTheBackground> {
  // Loaded only here, because a run on the model alone needs none of it.
  const { openServer, parsePostgresChoice } = await import('../postgres/server.ts');
  const choice = parsePostgresChoice(choiceText);
  let failure: { readonly reason: unknown } | null = null;
  const opening = (async () => {
    const server = await openServer(choice, image === null ? {} : { image });
    try {
      const { openSchema } = await import('../postgres/schema.ts');
      return { server, schema: await openSchema(server) };
    } catch (error) {
      await server.close();
      throw error;
    }
  })();
  opening.catch((reason: unknown) => {
    failure = { reason };
  });
  return {
    check() {
      if (failure !== null) throw failure.reason;
    },
    async ready() {
      const { server, schema } = await opening;
      const { deployPostgres } = await import('../postgres/deployment.ts');
      const { openDatabasePlayer } = await import('../world/play-on-database.ts');
      return {
        target: {
          name: 'postgres',
          about: `PostgreSQL ${server.version} (${choice.type === 'url' ? 'existing server' : choice.type})`,
          flags: `--on postgres${flagOf(choice)}${image === null ? '' : ` --image ${image}`}`,
        },
        deploy: (policy) => deployPostgres(schema, policy),
        playerOf: (design) => openDatabasePlayer(server, design),
      };
    },
    async close() {
      const late = sleep(PATIENCE_MS, null, { ref: false });
      const opened = await Promise.race([opening.catch(() => null), late]);
      await opened?.schema.close();
      await opened?.server.close();
    },
  };
}

/** The flag that chooses it again; a URL without its password and its parameters, which may hold another one. */
function flagOf(choice: PostgresChoice): string {
  if (choice.type === 'embedded') return '';
  if (choice.type === 'container') return ' --postgres container';
  const url = new URL(choice.url);
  url.password = '';
  url.search = '';
  return ` --postgres '${url.href}'`;
}
