/** Which statements control a transaction, and which of them end it. Pure. */
import { tokensOf } from '../postgres/sql-text.ts';

const CONTROL = /^(begin|start|commit|end|rollback|abort|savepoint|release)$/;

/** BEGIN, START, COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE and PREPARE TRANSACTION. */
export function controlsTransaction(sql: string): boolean {
  const [first = '', second] = firstWords(sql);
  return CONTROL.test(first) || (first === 'prepare' && second === 'transaction');
}

/** Whether the statement ends an open transaction: COMMIT, END, ROLLBACK, ABORT or PREPARE TRANSACTION; not ROLLBACK TO. */
export function endsTransaction(sql: string): boolean {
  const [first = '', second, third] = firstWords(sql);
  if (first === 'rollback' || first === 'abort') return second !== 'to' && third !== 'to';
  return first === 'commit' || first === 'end' || (first === 'prepare' && second === 'transaction');
}

/** Up to three words in lower case, without comments. Most statements begin with another word and are not tokenized. */
function firstWords(sql: string): readonly string[] {
  const first = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase();
  if (first !== undefined && first !== 'prepare' && !CONTROL.test(first)) return [first];
  return tokensOf(sql)
    .slice(0, 3)
    .map(({ text }) => text);
}
