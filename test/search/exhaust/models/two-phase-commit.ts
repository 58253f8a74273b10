/** Two-phase commit after Gray & Lamport, "Consensus on Transaction Commit": a model whose counts are known. */
import { always, sometimes } from '../../../../src/search/exhaust/laws.ts';
import type { Model, Symmetry } from '../../../../src/search/exhaust/model.ts';

/** What a resource manager's byte says: its state, and whether it sent `prepared` and the transaction manager took it. */
const STATE = 3;
const WORKING = 0;
const PREPARED = 1;
const COMMITTED = 2;
const ABORTED = 3;
const SENT = 4;
const TAKEN = 8;

/** The transaction manager's byte, which comes last. What it decided, it has told. */
const UNDECIDED = 0;

/** Of one resource manager: the actions 0 to 4, the next one 5 to 9; those of the transaction manager come last. */
const OF_ONE = ['prepares', 'chooses to abort', 'is told to commit', 'is told to abort', 'is heard: prepared'];

/** Where it is `wrong`, it claims what does not hold. */
export function twoPhaseCommit(managers: number, symmetric = false, wrong = false): Model {
  const all = (state: Uint8Array, what: number): boolean => {
    for (let at = 0; at < managers; at++) if ((state[at]! & STATE) !== what) return false;
    return true;
  };
  const any = (state: Uint8Array, what: number): boolean => {
    for (let at = 0; at < managers; at++) if ((state[at]! & STATE) === what) return true;
    return false;
  };
  return {
    name: `two-phase commit, ${managers} managers`,
    bytes: managers + 1,
    initial: () => [new Uint8Array(managers + 1)],
    actions: managers * OF_ONE.length + 2,
    step(state, action) {
      const decided = state[managers]!;
      if (action >= managers * OF_ONE.length) {
        if (decided !== UNDECIDED) return false;
        const commits = action === managers * OF_ONE.length;
        if (commits) for (let at = 0; at < managers; at++) if ((state[at]! & TAKEN) === 0) return false;
        state[managers] = commits ? COMMITTED : ABORTED;
        return true;
      }
      const one = (action / OF_ONE.length) | 0;
      const byte = state[one]!;
      switch (action - one * OF_ONE.length) {
        case 0:
          if ((byte & STATE) !== WORKING) return false;
          state[one] = byte | PREPARED | SENT;
          return true;
        case 1:
          if ((byte & STATE) !== WORKING) return false;
          state[one] = byte | ABORTED;
          return true;
        case 2:
          if (decided !== COMMITTED) return false;
          state[one] = (byte & ~STATE) | COMMITTED;
          return true;
        case 3:
          if (decided !== ABORTED) return false;
          state[one] = byte | ABORTED;
          return true;
        default:
          if (decided !== UNDECIDED || (byte & SENT) === 0) return false;
          state[one] = byte | TAKEN;
          return true;
      }
    },
    describe(action) {
      const one = Math.floor(action / OF_ONE.length);
      if (one < managers) return `manager ${one + 1} ${OF_ONE[action % OF_ONE.length] ?? ''}`;
      return action === managers * OF_ONE.length ? 'the transaction commits' : 'the transaction aborts';
    },
    laws: [
      always('nobody commits while another aborts', (state) => !(any(state, COMMITTED) && any(state, ABORTED))),
      ...(wrong ? [always('somebody does not commit', (state) => !all(state, COMMITTED))] : []),
      sometimes('all commit', (state) => all(state, COMMITTED)),
      sometimes('all abort', (state) => all(state, ABORTED)),
    ],
    ...(symmetric ? { symmetry: alike(managers) } : {}),
  };
}

/** Any two resource managers can change places. */
function alike(managers: number): Symmetry {
  return {
    canonicalise(state) {
      // By insertion: there are few, and mostly they are in order.
      for (let at = 1; at < managers; at++) {
        const byte = state[at]!;
        let to = at;
        for (; to > 0 && state[to - 1]! > byte; to--) state[to] = state[to - 1]!;
        state[to] = byte;
      }
    },
    permutations: Array.from({ length: managers - 1 }, (_, one) => ({
      name: `managers ${one + 1} and ${one + 2} change places`,
      state(state) {
        [state[one], state[one + 1]] = [state[one + 1]!, state[one]!];
      },
      action(action) {
        const who = Math.floor(action / OF_ONE.length);
        if (who === one) return action + OF_ONE.length;
        return who === one + 1 ? action - OF_ONE.length : action;
      },
    })),
  };
}
