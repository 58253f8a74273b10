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
  /** Each law, and why it cannot be judged; null where it can, as far as is known without sending requests. */
  readonly laws: readonly { readonly code: string; readonly name: string; readonly why: string | null }[];
  /** Codes of laws that it declares to break. */
  readonly breaks: readonly string[];
}

const KINDS: Readonly<Record<DesignFacts['kind'], string>> = {
  policy: 'policy: the reference rule and the reference SQL implement its figures',
  serve: 'serve: a service in process, over the store of Seatproof',
  sql: 'sql: a service over Postgres',
};

/** Ends with a line feed. */
export function designFactsText({ name, about, kind, commands, requests, laws, breaks }: DesignFacts): string {
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
    ...labelled('laws', judged.join(' ')),
    ...reasons.flatMap((reason) => {
      const codes = laws.filter(({ why }) => why === reason).map(({ code }) => code);
      return labelled('', `not ${codes.join(' ')}: ${reason}`);
    }),
    ...(breaks.length === 0 ? [] : labelled('breaks', `${breaks.join(' ')} (declared)`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for programs. */
export function designFactsAsJson({ name, about, kind, commands, requests, laws, breaks }: DesignFacts): string {
  return asText({
    seatproof: 'design',
    version: 1,
    name,
    about,
    kind,
    commands: commands.map(({ command, why }) => ({ command, usable: why === null, why })),
    requests: requests.has,
    absent_requests: requests.absent,
    laws: laws.map(({ code, name: title, why }) => ({ code, name: title, judged: why === null, why })),
    breaks,
  });
}
