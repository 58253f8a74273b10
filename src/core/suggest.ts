/** The word that somebody meant who wrote another one. */

/** The nearest of the known words; null where none is near enough to be meant. */
export function suggest(word: string, known: readonly string[]): string | null {
  const [best] = known
    .map((candidate) => ({ candidate, distance: editsBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (best === undefined) return null;
  const { candidate, distance } = best;
  // Two letters that changed places are two edits; a word of which nothing is left is another word.
  return distance <= Math.max(2, candidate.length / 2) && distance < candidate.length ? candidate : null;
}

/** Levenshtein's distance: how many letters to insert, drop or change. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const [diagonal, above, left] = [row[j] ?? 0, row[j + 1] ?? 0, next[j] ?? 0];
      next.push(Math.min(diagonal + (letter === other ? 0 : 1), above + 1, left + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
