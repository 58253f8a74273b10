/** Which statements only steer a transaction, and the statements of a simple query. Pure. */
import { statementsOf, tokensOf } from '../postgres/sql-text.ts';

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

/** The statements of a simple query. Without a semicolon between two statements, the text as it is. */
export function splitQuery(sql: string): readonly string[] {
  const semicolon = sql.indexOf(';');
  return semicolon === -1 || /^\s*$/.test(sql.slice(semicolon + 1)) ? [sql] : statementsOf(sql);
}

/** Up to three words in lower case, without comments. Most statements begin with a word that is none of control. */
function firstWords(sql: string): readonly string[] {
  const first = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase();
  if (first !== undefined && first !== 'prepare' && !CONTROL.test(first)) return [first];
  return tokensOf(sql)
    .slice(0, 3)
    .map(({ text }) => text);
}
