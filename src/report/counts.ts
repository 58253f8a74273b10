/** How much was played, and how it went. */
import type { Played, Result } from './run-report.ts';

export type Counts = Readonly<Record<Result, number>> & { readonly orders: number; readonly commands: number };

/** What these came to together. */
export function countsOf(played: readonly Played[]): Counts {
  const having = (result: Result): number => played.filter((each) => each.result === result).length;
  return {
    passed: having('passed'),
    failed: having('failed'),
    inconclusive: having('inconclusive'),
    orders: played.reduce((sum, { orders }) => sum + orders.played, 0),
    commands: played.reduce((sum, { commands }) => sum + commands, 0),
  };
}

/** The groups, in the order in which they come first. */
export function groupsOf(played: readonly Played[]): readonly string[] {
  return [...new Set(played.map(({ group }) => group))];
}

/** How many different scenarios were played. */
export function scenariosIn(played: readonly Played[]): number {
  return new Set(played.map(keyOf)).size;
}

/** What was played on some target, but not on this one; each once. */
export function leftOut(played: readonly Played[], target: string): readonly Played[] {
  const known = new Set(played.filter(({ on }) => on === target).map(keyOf));
  const others = new Map(played.map((each) => [keyOf(each), each]));
  return [...others].filter(([key]) => !known.has(key)).map(([, each]) => each);
}

function keyOf({ file, line, title }: Played): string {
  return `${file}\n${line}\n${title}`;
}

/** `1 scenario`, `97 scenarios`, `4,120 commands`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `4,120`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
