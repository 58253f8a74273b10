/** What a design can be used for, in text and JSON: its kind, the commands, its requests, the laws. Data in, text out. */
import { asText } from './json.ts';
import { labelled } from './wrap.ts';

export interface DesignFacts {
  readonly name: string;
  readonly about: string;
  readonly kind: 'policy' | 'serve' | 'sql';
  /** Each command, and why it cannot use the design; null where it can. */
  readonly commands: readonly { readonly command: string; readonly why: string | null }[];
  readonly requests: { readonly has: readonly string[]; readonly absent: readonly string[] };
  /** What each request was answered, and which optional fields that reply told; empty for a design of figures alone. */
  readonly replies: readonly {
    readonly request: string;
    readonly type: string;
    readonly tells: readonly string[];
    readonly silent: readonly string[];
  }[];
  /** Errors, hangs and invalid replies that it answered with. */
  readonly problems: readonly string[];
  /** Each law, and why it cannot be judged; null where it can. */
  readonly laws: readonly { readonly code: string; readonly name: string; readonly why: string | null }[];
  /** Codes of laws that it declares to break. */
  readonly breaks: readonly string[];
  /** SQLSTATEs and names of errors that it declares to answer with. */
  readonly errors: readonly string[];
}

const KINDS: Readonly<Record<DesignFacts['kind'], string>> = {
  policy: 'policy: the reference rule and the reference SQL implement its figures',
  serve: 'serve: a service in process, over the store of Seatproof',
  sql: 'sql: a service over Postgres',
};

/** Ends with a line feed. */
export function designFactsText(facts: DesignFacts): string {
  const { name, about, kind, commands, requests, replies, problems, laws, breaks, errors } = facts;
  const usable = commands.filter(({ why }) => why === null).map(({ command }) => command);
  const judged = laws.filter(({ why }) => why === null).map(({ code }) => code);
  const reasons = [...new Set(laws.flatMap(({ why }) => why ?? []))];
  const lines = [
    `${name}: ${about}`,
    ...labelled('kind', KINDS[kind]),
    ...labelled('use', usable.join(', ')),
    ...commands.flatMap(({ command, why }) => (why === null ? [] : labelled('', `not ${command}: ${why}`))),
    ...labelled('has', requests.has.join(', ')),
    ...(requests.absent.length === 0 ? [] : labelled('', `no ${requests.absent.join(', ')}`)),
    ...replies.flatMap((reply, index) => labelled(index === 0 ? 'replies' : '', replyInWords(reply))),
    ...problems.flatMap((problem) => labelled('error', problem)),
    ...labelled('laws', judged.join(' ')),
    ...reasons.flatMap((reason) => {
      const codes = laws.filter(({ why }) => why === reason).map(({ code }) => code);
      return labelled('', `not ${codes.join(' ')}: ${reason}`);
    }),
    ...(breaks.length === 0 ? [] : labelled('breaks', `${breaks.join(' ')} (declared)`)),
    ...(errors.length === 0 ? [] : labelled('errors', `${errors.join(' ')} (declared)`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** `start → granted: tells term, expiry; does not tell session`. */
function replyInWords({ request, type, tells, silent }: DesignFacts['replies'][number]): string {
  const parts = [
    ...(tells.length === 0 ? [] : [`tells ${tells.join(', ')}`]),
    ...(silent.length === 0 ? [] : [`does not tell ${silent.join(', ')}`]),
  ];
  return `${request} → ${type}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
}

/** The same for programs. */
export function designFactsAsJson(facts: DesignFacts): string {
  const { name, about, kind, commands, requests, replies, problems, laws, breaks, errors } = facts;
  return asText({
    seatproof: 'design',
    version: 1,
    name,
    about,
    kind,
    commands: commands.map(({ command, why }) => ({ command, usable: why === null, why })),
    requests: requests.has,
    absent_requests: requests.absent,
    replies: replies.map(({ silent, ...reply }) => ({ ...reply, not_told: silent })),
    problems,
    laws: laws.map(({ code, name: title, why }) => ({ code, name: title, judged: why === null, why })),
    breaks,
    errors,
  });
}
