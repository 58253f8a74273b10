/** A design that can be played: at once where its server is made of procedures, with time for promises, or on a Postgres. */
import type { Design } from '../../designs/design.ts';
import { encodeHistory } from '../../history/codec.ts';
import type { History } from '../../history/history.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import type { Script } from '../../world/script.ts';
import { playInWorld } from '../../world/play.ts';
import { playSettled } from '../../world/play-settled.ts';

export interface Player {
  readonly design: Design;
  readonly play: (script: Script) => History | Promise<History>;
}

/** The player of a design that runs in process. */
export function playerOf(design: Design): Player {
  const play = design.promised === true ? playSettled : playInWorld;
  return { design, play: (script) => play(script, design) };
}

/** The player of any design; one in SQL needs a server. Throws `UsageError` or `EnvironmentError`. */
export async function openPlayer(
  design: Design,
  server: PostgresServer | null,
): Promise<Player & { close(): Promise<void> }> {
  if (server === null) return { ...playerOf(design), close: () => Promise.resolve() };
  const { openDatabasePlayer } = await import('../../world/play-on-database.ts');
  return { design, ...(await openDatabasePlayer(server, design)) };
}

/** Whether two more performances of a Script are like this one, to the byte. */
export async function isSteady(player: Player, script: Script, history: History): Promise<boolean> {
  const text = encodeHistory(history);
  for (let again = 0; again < 2; again += 1) {
    if (encodeHistory(await player.play(script)) !== text) return false;
  }
  return true;
}
