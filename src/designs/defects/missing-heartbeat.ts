/** Mistakes about a missing heartbeat: a start that passes through it, and the two wrong meanings that it then has. */
import { decide } from '../../core/decide.ts';
import { expiryOf } from '../../core/expiry.ts';
import type { Seat, Standing } from '../../core/seat.ts';
import type { Instant } from '../../core/time.ts';
import { write } from '../../service/procedure.ts';
import { withCommands, withRule } from '../change.ts';
import type { Design } from '../design.ts';
import { apply, type Rule } from '../reference.ts';
import { giveHeartbeat } from '../rows.ts';
import { defect, type Defect } from './defect.ts';

/** A row without a heartbeat looks released, so it can be taken. */
const nullLimbo = defect(
  {
    name: 'null-limbo',
    about: 'a start writes the row first and its heartbeat after; in between it looks released',
    breaks: ['P1', 'P2', 'P9', 'P12', 'P17'],
    seenIn: ['S0', 'S3'],
  },
  (correct) => withHeartbeatLast(correct, decide, { type: 'released' }),
);

const nullForever = defect(
  {
    name: 'null-forever',
    about: 'a start writes the row first and its heartbeat after; without one it never expires',
    breaks: ['P22', 'P11', 'P13', 'P15', 'P17'],
    seenIn: ['keygen 17d9fb1'],
  },
  (correct) => {
    const without = { type: 'held', lastHeartbeat: null as unknown as Instant } as const;
    return withHeartbeatLast(
      withRule(correct, () => neverExpiring),
      neverExpiring,
      without,
    );
  },
);

function neverExpiring(...[seat, scope, command, policy, now]: Parameters<Rule>): ReturnType<Rule> {
  const { latest } = seat;
  if (latest?.standing.type !== 'held' || latest.standing.lastHeartbeat !== null) {
    return decide(seat, scope, command, policy, now);
  }
  // As young as can be, whenever one looks.
  const young: Seat = { ...seat, latest: { ...latest, standing: { type: 'held', lastHeartbeat: now } } };
  const decision = decide(young, scope, command, policy, now);
  return decision.seat === young ? { ...decision, seat } : decision;
}

/** A start that writes the row with this in place of its heartbeat, and then the heartbeat. */
function withHeartbeatLast(correct: Design, rule: Rule, without: Standing): Design {
  return withCommands(correct, ({ policy }) => ({
    *start(command) {
      const { scope } = command;
      const answer = yield* write('write the row', (store, now) => {
        const reply = apply(rule, store, scope, command, policy, now);
        const seat = store.read(scope);
        if (reply.type === 'granted' && seat.latest !== null) {
          store.write(scope, { ...seat, latest: { ...seat.latest, standing: without } });
        }
        return reply;
      });
      if (answer.type !== 'granted') return answer;
      return yield* write('write its heartbeat', (store, now) => {
        giveHeartbeat(store, scope, now);
        return { ...answer, expiry: expiryOf(now, policy.timeout, policy) };
      });
    },
  }));
}

export const OF_MISSING_HEARTBEATS: readonly Defect[] = [nullLimbo, nullForever];
