/** Small changes to a design, so that a mistake or a mend is written down and nothing else is. */
import type { ClientConfig } from '../core/client.ts';
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint } from '../core/seat.ts';
import type { Host, Procedure } from '../service/procedure.ts';
import type { Design } from './design.ts';
import { orFailed, ruleServer, type Rule } from './reference.ts';

export function renamed(design: Design, name: string, about: string): Design {
  return { ...design, name, about };
}

/** Every client of it is changed in this. */
export function withClient(design: Design, changes: Partial<ClientConfig>): Design {
  return { ...design, client: (actor) => ({ ...design.client(actor), ...changes }) };
}

/** Its servers follow another rule, in one atomic statement a command. */
export function withRule(design: Design, ruleOf: (host: Host) => Rule): Design {
  return { ...design, serve: (host) => ruleServer(ruleOf(host), host) };
}

/** How a server carries out some of the commands. */
export type Commands = {
  readonly [T in Command['type']]?: (
    command: Extract<Command, { type: T }>,
    caller: Fingerprint | null,
  ) => Procedure<Reply>;
};

/** Its servers carry out these commands in their own way, and all others as before. */
export function withCommands(design: Design, commandsOf: (host: Host) => Commands): Design {
  return {
    ...design,
    serve: (host) => {
      const process = design.serve(host);
      const commands = commandsOf(host);
      return {
        ...process,
        handle: (command, caller) => {
          const own = commands[command.type] as ((c: Command, by: Fingerprint | null) => Procedure<Reply>) | undefined;
          return own === undefined ? process.handle(command, caller) : orFailed(own(command, caller));
        },
      };
    },
  };
}
