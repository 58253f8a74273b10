/** Mistakes of what users are told, and of whom the server takes them to be. */
import { decide } from '../../core/decide.ts';
import { read, write } from '../../service/procedure.ts';
import { withCommands, withRule } from '../change.ts';
import { apply } from '../reference.ts';
import { WITH_PROCESS_ID } from '../s0/process-id.ts';
import { APPROXIMATELY_40 } from '../s3/notices.ts';
import { defect, type Defect } from './defect.ts';

const processId = defect(
  {
    name: 's0-process-id',
    about: 'the process id is part of the fingerprint, so a device is locked out by itself',
    breaks: ['P13'],
    seenIn: ['S0'],
  },
  (correct) => ({ ...correct, presents: WITH_PROCESS_ID }),
);

const bothTold = defect(
  {
    name: 's1-both-told',
    about: 'two starts at once are both told that they ended the session which they found',
    breaks: ['P9', 'P1', 'P12', 'P17'],
    seenIn: ['S1'],
  },
  (correct) =>
    withCommands(correct, ({ policy }) => ({
      *start(command) {
        const { scope } = command;
        const found = yield* read('find the session', (store) => store.read(scope));
        return yield* write('take its place', (store, now) => {
          const reply = apply(decide, store, scope, command, policy, now);
          if (reply.type !== 'granted' || reply.replaced === null || found.latest === null) return reply;
          const { id, device } = found.latest;
          return { ...reply, replaced: { session: id, device, term: found.term } };
        });
      },
    })),
);

const waitText = defect(
  {
    name: 's3-wait-text',
    about: 'the text says 40 seconds, whatever the wait beside it is',
    breaks: ['P15'],
    seenIn: ['S3'],
  },
  (correct) =>
    withRule(correct, () => (seat, scope, command, policy, now) => {
      const { reply, ...decision } = decide(seat, scope, command, policy, now);
      return {
        ...decision,
        reply: reply.type === 'refused' ? { ...reply, notice: APPROXIMATELY_40['same-device'] } : reply,
      };
    }),
);

export const OF_TELLING: readonly Defect[] = [processId, bothTold, waitText];
