/** A named, realistic mistake: a small change to a correct design. */
import { recommended } from '../../core/presets/recommended.ts';
import type { Policy } from '../../core/policy.ts';
import { renamed } from '../change.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

export interface Defect {
  readonly design: Design;
  /** The laws that it breaks, the one that it is known for first. For tests and documents: no search may look at it. */
  readonly breaks: readonly string[];
  /** Where it was seen: projects with the number of the issue, or one of the notes. */
  readonly seenIn: readonly string[];
}

/** What is known of a defect before the change that makes it. */
interface Known {
  readonly name: string;
  readonly about: string;
  readonly breaks: readonly string[];
  readonly seenIn: readonly string[];
}

const CORRECT = referenceDesign(recommended, '');

export function defect({ name, about, breaks, seenIn }: Known, change: (correct: Design) => Design): Defect {
  return { design: renamed(change(CORRECT), name, about), breaks, seenIn };
}

/** A defect that is in the figures alone. */
export function wrongFigures(known: Known, changes: Partial<Policy>): Defect {
  return defect(known, () => referenceDesign({ ...recommended, name: known.name, ...changes }, ''));
}
