/** Mistakes of heartbeats: rows that they move although they should not, and answers that say they moved one. */
import { decide } from '../../core/decide.ts';
import { expiryOf } from '../../core/expiry.ts';
import { write } from '../../service/procedure.ts';
import { withCommands, withRule } from '../change.ts';
import { upsert } from '../rows.ts';
import { swallowed } from '../s2/server.ts';
import { apply } from '../reference.ts';
import { defect, type Defect } from './defect.ts';

const renewAlwaysTrue = defect(
  {
    name: 'renew-always-true',
    about: 'the condition of the renewal compares the row with itself, so every heartbeat renews it',
    breaks: ['P4', 'P6', 'P1', 'P2'],
    seenIn: ['river 197'],
  },
  (correct) =>
    withRule(correct, () => (seat, scope, command, policy, now) => {
      const { latest, term } = seat;
      if (command.type !== 'heartbeat' || latest === null) return decide(seat, scope, command, policy, now);
      const renewal = decide(seat, scope, { ...command, session: latest.id, term }, policy, now);
      const { reply } = renewal;
      return reply.type === 'renewed' ? { ...renewal, reply: { ...reply, term: command.term ?? term } } : renewal;
    }),
);

const zeroRowsOk = defect(
  {
    name: 'zero-rows-ok',
    about: 'a heartbeat that updated no row is answered as if it had',
    breaks: ['P6', 'P1', 'P2', 'P5', 'P9', 'P12', 'P17'],
    seenIn: ['pgbus 438', 'S2'],
  },
  (correct) =>
    withRule(correct, () => (seat, scope, command, policy, now) => {
      const decision = decide(seat, scope, command, policy, now);
      if (command.type !== 'heartbeat' || decision.reply.type !== 'gone') return decision;
      const term = command.term ?? seat.term;
      return { seat, reply: { type: 'renewed', term, expiry: expiryOf(now, policy.timeout, policy) } };
    }),
);

const writeAfterEnd = defect(
  {
    name: 'write-after-end',
    about: 'a heartbeat writes the row of its device, and makes one where there is none',
    breaks: ['P4', 'P1'],
    seenIn: ['ZOOKEEPER-1208', 'happier 223', 'S2'],
  },
  (correct) =>
    withCommands(correct, ({ policy }) => ({
      heartbeat: (command, caller) => write('upsert', (store, now) => upsert(store, command, caller, policy, now)),
    })),
);

const releaseVsRenew = defect(
  {
    name: 'release-vs-renew',
    about: 'a heartbeat under way when its session is released takes it back',
    breaks: ['P16', 'P4', 'P13', 'P15', 'P22'],
    seenIn: ['client-go 1b1630d'],
  },
  (correct) =>
    withRule(correct, () => (seat, scope, command, policy, now) => {
      const { latest } = seat;
      if (command.type !== 'heartbeat' || latest?.standing.type !== 'released') {
        return decide(seat, scope, command, policy, now);
      }
      const held = { ...seat, latest: { ...latest, standing: { type: 'held', lastHeartbeat: now } as const } };
      return decide(held, scope, command, policy, now);
    }),
);

const swallowedFailure = defect(
  {
    name: 's2-swallowed',
    about: 'a heartbeat whose store fails is answered as renewed',
    breaks: ['P6', 'P24', 'P1', 'P2', 'P5', 'P9', 'P12', 'P17'],
    seenIn: ['S2'],
  },
  (correct) =>
    withCommands(correct, (host) => ({
      heartbeat: (command) =>
        swallowed(
          write('heartbeat', (store, now) => apply(decide, store, command.scope, command, host.policy, now)),
          command,
          host,
        ),
    })),
);

export const OF_RENEWAL: readonly Defect[] = [
  renewAlwaysTrue,
  zeroRowsOk,
  writeAfterEnd,
  releaseVsRenew,
  swallowedFailure,
];
