/** S4 before its fixes, after all five, repaired, and with each of its faults by itself. */
import { renamed, withSql } from '../change.ts';
import type { Defect } from '../defects/defect.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';
import { asSystem } from './server.ts';
import { AFTER, BEFORE, REPAIRED, s4, s4Fenced, type System } from './system.ts';

const before = renamed(
  withSql(asSystem(referenceDesign(s4, ''), BEFORE), async () => (await import('../sql/s4.ts')).S4.before),
  's4-before',
  'memory, cache and a database that commits later, answered from memory, looked up in three ways',
);

const after = renamed(
  withSql(asSystem(referenceDesign(s4, ''), AFTER), async () => (await import('../sql/s4.ts')).S4.after),
  's4-after',
  'the database first and the memory after, which look-ups ask first; a start checks, then inserts',
);

const repaired = renamed(
  // The reference SQL does what is left of the system, under the same policy.
  { ...asSystem(referenceDesign(s4Fenced, ''), REPAIRED), sql: referenceDesign(s4Fenced, '').sql },
  's4-repaired',
  'one store that commits when it answers, in one statement a command; a fence of 55 s',
);

export const S4: readonly Design[] = [before, after, repaired];

const only = (name: string, about: string, breaks: readonly string[], fault: Partial<System>): Defect => ({
  design: renamed(asSystem(referenceDesign(s4Fenced, ''), { ...REPAIRED, ...fault }), name, about),
  breaks,
  seenIn: ['S4'],
});

export const OF_S4: readonly Defect[] = [
  only(
    's4-three-stores',
    'each process decides from its memory, and the database follows',
    ['P8', 'P1', 'P2', 'P4', 'P9', 'P12', 'P17'],
    {
      decides: 'memory',
      remembers: true,
    },
  ),
  only('s4-answer-first', 'a start is answered 50 to 200 ms before its session is committed', ['P7', 'P12', 'P17'], {
    answers: 'before-the-commit',
    commits: 'late',
  }),
  only(
    's4-look-ups',
    'look-ups ask the memory, the database or one after the other, as it happens',
    ['P7', 'P12', 'P17'],
    {
      looksUp: 'in-three-ways',
      remembers: true,
    },
  ),
  only('s4-clean-up', 'an end clears the memory, and then perhaps the database', ['P8', 'P4', 'P16'], {
    clears: 'memory-first',
    remembers: true,
  }),
  only(
    's4-command-id',
    'a start that takes longer than 5 s is answered with the id of its command',
    ['P20', 'P1', 'P4', 'P6', 'P9', 'P12', 'P17'],
    {
      answersWith: 'command-after-5s',
    },
  ),
];
