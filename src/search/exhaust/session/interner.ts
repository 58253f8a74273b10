/** Values as small numbers: equal values get the same one. */

/** The most values of one kind: a number takes two bytes of a state. */
const MOST = 2 ** 16;

export class Interner<Value> {
  private readonly numbers = new Map<string, number>();
  private readonly values: Value[] = [];

  /** Values are compared as JSON, so their fields must be written in one order. */
  numberOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.values.length;
    if (number === MOST) throw new Error('a part of the model takes on more values than two bytes can number');
    this.values.push(value);
    this.numbers.set(key, number);
    return number;
  }

  valueOf(number: number): Value {
    return this.values[number]!;
  }
}

/** A function of one number, worked out once for each. */
export function once<Result>(work: (number: number) => Result): (number: number) => Result {
  const known: Result[] = [];
  return (number) => (known[number] ??= work(number));
}

/** A function of two numbers, the second below 2¹⁶ × 2⁸, worked out once for each pair. */
export function oncePerPair<Result>(work: (a: number, b: number) => Result): (a: number, b: number) => Result {
  const known: Map<number, Result>[] = [];
  return (a, b) => {
    const row = (known[a] ??= new Map<number, Result>());
    let result = row.get(b);
    if (result === undefined) {
      result = work(a, b);
      row.set(b, result);
    }
    return result;
  };
}
