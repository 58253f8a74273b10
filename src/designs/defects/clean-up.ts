/** Mistakes of the clean-up: what it removes, on what evidence, and how rarely it comes by. */
import { hasExpired } from '../../core/expiry.ts';
import type { Swept } from '../../core/reply.ts';
import type { Policy } from '../../core/policy.ts';
import { minutes, seconds, type Duration } from '../../core/time.ts';
import { OutcomeUnknown, pause, read, spawn, write, type Procedure } from '../../service/procedure.ts';
import { StoreFailure } from '../../service/store.ts';
import { withCommands, withServer } from '../change.ts';
import { serverOf, type Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';
import { vacant } from '../rows.ts';
import { defect, type Defect } from './defect.ts';

/** The same rules with a job that clears every 30 seconds. */
function swept({ policy }: Design): Design {
  return referenceDesign({ ...policy, cleanUp: { type: 'swept', every: seconds(30) } }, '');
}

const staleSnapshotReap = defect(
  {
    name: 'stale-snapshot-reap',
    about: 'the sweep selects what has expired, then removes the rows by their ids, whatever became of them in between',
    breaks: ['P19'],
    seenIn: ['river 1302', 'solid_queue 589'],
  },
  (correct) =>
    withCommands(swept(correct), ({ policy }) => ({
      *sweep() {
        const expired = yield* read('select the expired', (store, now) =>
          store.all().flatMap(({ scope, seat: { term, latest } }) => {
            const { standing } = latest ?? { standing: null };
            const over =
              latest !== null &&
              standing?.type === 'held' &&
              hasExpired(standing.lastHeartbeat, latest.timeout, policy, now);
            return over ? [{ scope, session: latest.id, device: latest.device, term }] : [];
          }),
        );
        return yield* write('remove them by id', (store): Swept => {
          for (const { scope } of expired) {
            const seat = store.read(scope);
            const { latest } = seat;
            if (latest?.standing.type !== 'held') continue;
            const { lastHeartbeat } = latest.standing;
            store.write(scope, { ...seat, latest: { ...latest, standing: { type: 'swept', lastHeartbeat } } });
          }
          return { type: 'swept', sessions: expired };
        });
      },
    })),
);

const ownerlessSweep = defect(
  {
    name: 'ownerless-sweep',
    about: 'a server that starts removes all sessions, including those of other servers',
    breaks: ['P5', 'P1', 'P2', 'P9', 'P12', 'P17'],
    seenIn: ['llm-agent 291'],
  },
  (correct) =>
    withServer(correct, (host) => ({
      ...serverOf(correct)(host),
      *boot() {
        try {
          yield* write('remove all sessions', (store) =>
            store.all().forEach(({ scope, seat }) => store.write(scope, vacant(seat))),
          );
        } catch (error) {
          // It comes up all the same when the store cannot be reached, and then removes nothing.
          if (!(error instanceof StoreFailure)) throw error;
        }
      },
    })),
);

/** Its policy says what the team believed: a session expires at its timeout. The job that ends it is the server's own. */
const everyFiveMinutes = defect(
  {
    name: 's1-rare-clean-up',
    about: 'a session counts until a job of the server removes it, and that runs only every 5 minutes',
    breaks: ['P11', 'P13', 'P14', 'P15', 'P17'],
    seenIn: ['S1'],
  },
  (correct) =>
    withServer(correct, (host) => {
      const policy: Policy = { ...host.policy, cleanUp: { type: 'swept', every: minutes(5) } };
      return {
        ...serverOf(correct)({ ...host, policy }),
        boot: () => spawn(clearEvery(minutes(5), policy)),
      };
    }),
);

function* clearEvery(period: Duration, policy: Policy): Procedure<void> {
  for (;;) {
    yield* pause(period);
    try {
      yield* write('remove the expired', (store, now) => {
        for (const { scope, seat } of store.all()) {
          const standing = seat.latest?.standing;
          const expired = standing?.type === 'held' && hasExpired(standing.lastHeartbeat, policy.timeout, policy, now);
          if (expired) store.write(scope, vacant(seat));
        }
      });
    } catch (error) {
      // What an outage keeps it from, it does at the next turn.
      if (!(error instanceof StoreFailure || error instanceof OutcomeUnknown)) throw error;
    }
  }
}

export const OF_CLEAN_UP: readonly Defect[] = [staleSnapshotReap, ownerlessSweep, everyFiveMinutes];
