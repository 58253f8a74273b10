/** What the network has to do so that each message arrives when it does: faults, each for as long as it makes no other difference. */
import { milliseconds, type Duration, type Instant } from '../../../../core/time.ts';
import type { NetworkFault } from '../../../../history/history.ts';

/** A message and the times at which it arrives: more than one where it is doubled, none where it never does. */
export interface Passage {
  readonly sentAt: number;
  readonly arrivals: readonly number[];
}

export interface Spell {
  readonly at: Instant;
  readonly lasts: Duration;
  readonly faults: readonly NetworkFault[];
}

/** Of the messages of one actor one way. One that never arrives is under way `forEver`, or cut off where nothing else arrives meanwhile. */
export function spellsFor(passages: readonly Passage[], forEver: Duration): readonly Spell[] {
  const inOrder = passages.toSorted((a, b) => a.sentAt - b.sentAt);
  const spells: (Spell & { readonly fate: string })[] = [];
  for (const passage of inOrder) {
    const faults = faultsFor(passage, inOrder, forEver);
    const fate = JSON.stringify(faults);
    const last = spells.at(-1);
    const from =
      last?.fate === fate && !comesThrough(inOrder, last.at, passage.sentAt, faults) ? last.at : passage.sentAt;
    if (from !== passage.sentAt) spells.pop();
    spells.push({ at: from as Instant, lasts: milliseconds(passage.sentAt + 1 - from), faults, fate });
  }
  return spells.filter(({ faults }) => faults.length > 0);
}

function faultsFor({ sentAt, arrivals }: Passage, all: readonly Passage[], forEver: Duration): readonly NetworkFault[] {
  const [first, ...more] = arrivals.toSorted((a, b) => a - b);
  if (first === undefined) {
    const cut: NetworkFault = { type: 'cut' };
    return [comesThrough(all, sentAt, sentAt, [cut]) ? { type: 'slow', by: forEver } : cut];
  }
  const slow: readonly NetworkFault[] = first === sentAt ? [] : [{ type: 'slow', by: milliseconds(first - sentAt) }];
  return [...slow, ...more.map((each): NetworkFault => ({ type: 'repeated', after: milliseconds(each - first) }))];
}

/** Whether a cut would also stop what arrives meanwhile. */
function comesThrough(all: readonly Passage[], from: number, to: number, [fault]: readonly NetworkFault[]): boolean {
  return fault?.type === 'cut' && all.some(({ arrivals }) => arrivals.some((each) => each >= from && each <= to + 1));
}
