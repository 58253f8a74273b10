/** Mistakes at the door: who is let in, on what evidence, and who is kept out by whom. */
import { decide } from '../../core/decide.ts';
import type { Policy } from '../../core/policy.ts';
import { seconds } from '../../core/time.ts';
import { write } from '../../service/procedure.ts';
import { withCommands, withRule } from '../change.ts';
import { check, claim } from '../rows.ts';
import { defect, type Defect } from './defect.ts';

const toctouAdmit = defect(
  {
    name: 'toctou-admit',
    about: 'a start checks in one statement and claims in another',
    breaks: ['P1', 'P2', 'P9', 'P12', 'P17'],
    seenIn: ['spring-security 3121', 'polar 12346', 'S0'],
  },
  (correct) =>
    withCommands(correct, ({ policy }) => ({
      *start(command) {
        const answer = yield* check(command, policy);
        if (answer.type !== 'granted') return answer;
        return yield* write('claim', (store, now) => claim(store, command, policy, now));
      },
    })),
);

const selfOrDeadCounted = defect(
  {
    name: 'self-or-dead-counted',
    about: 'a session of the own device, or one that has expired, counts against who starts',
    breaks: ['P13', 'P14', 'P11', 'P15', 'P17'],
    seenIn: ['keycloak PR 35344', 'spring-security 3704', 'spring-security 458'],
  },
  (correct) =>
    withRule(correct, () => (seat, scope, command, policy, now) => {
      if (command.type !== 'start') return decide(seat, scope, command, policy, now);
      // Every row counts, as where a job would have to remove it first.
      const counted: Policy = { ...policy, sameDevice: 'refuse', cleanUp: { type: 'swept', every: policy.timeout } };
      return decide(seat, scope, command, counted, now);
    }),
);

const readersTimeout = defect(
  {
    name: 'readers-timeout',
    about: 'every second server judges the holder by an older, shorter timeout of its own',
    breaks: ['P12', 'P1', 'P2', 'P9', 'P17'],
    seenIn: ['kubernetes PR 114872'],
  },
  (correct) =>
    withRule(correct, ({ server }) => (seat, scope, command, policy, now) => {
      const { latest } = seat;
      if (server % 2 === 1 || command.type !== 'start' || latest === null) {
        return decide(seat, scope, command, policy, now);
      }
      return decide({ ...seat, latest: { ...latest, timeout: seconds(15) } }, scope, command, policy, now);
    }),
);

export const OF_ADMISSION: readonly Defect[] = [toctouAdmit, selfOrDeadCounted, readersTimeout];
