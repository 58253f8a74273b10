/** Commands, replies and events in the words of a timeline. */
import type { Command } from '../core/command.ts';
import type { Failed, NamedHolder, Refused, Reply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import { formatDuration, formatInstant, type Duration } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Actor, ClockSet, NetworkChanged, StoreFault } from '../history/history.ts';
import type { StopReason } from '../core/agent/state.ts';

type Cast = readonly Actor[];

/** `start`, `heartbeat of term 1`. */
export function commandInWords(command: Command): string {
  switch (command.type) {
    case 'start':
      if (command.takeOver === null) return 'start';
      return command.takeOver === 'any' ? 'start, taking over' : `start, taking over term ${command.takeOver}`;
    case 'heartbeat':
    case 'end':
      return command.term === null
        ? `${command.type} of ${command.session}`
        : `${command.type} of term ${command.term}`;
    case 'status':
    case 'sweep':
      return command.type;
    default:
      return unreachable(command);
  }
}

/** `granted, term 2, until 100s`, `refused: in use on laptop, retry in 20s`. */
export function replyInWords(reply: Reply, cast: Cast): string {
  switch (reply.type) {
    case 'granted': {
      const { term, expiry, replaced } = reply;
      return listed([
        'granted',
        term === undefined ? '' : `term ${term}`,
        expiry === undefined ? '' : `until ${formatInstant(expiry)}`,
        replaced ? `replacing ${namedInWords(replaced, cast)}` : '',
      ]);
    }
    case 'refused':
      return refusalInWords(reply, cast);
    case 'renewed':
      return reply.expiry === undefined ? 'renewed' : `renewed until ${formatInstant(reply.expiry)}`;
    case 'gone':
      if (reply.why === undefined) return 'gone';
      return `gone: ${reply.why}${reply.by ? `, by ${deviceOf(reply.by, cast)}` : ''}`;
    case 'ended':
      return 'ended';
    case 'active':
      return listed([
        reply.holder === undefined ? 'active' : `active: ${namedInWords(reply.holder, cast)}`,
        reply.expiry === undefined ? '' : `until ${formatInstant(reply.expiry)}`,
      ]);
    case 'idle':
      if (reply.retryAfter === undefined) return 'idle';
      return `idle: a start is granted ${reply.retryAfter === 0 ? 'now' : `in ${formatDuration(reply.retryAfter)}`}`;
    case 'swept':
      if (reply.sessions === undefined) return 'swept';
      return reply.sessions.length === 0
        ? 'removed nothing'
        : `removed ${reply.sessions.map((swept) => holderInWords(swept, cast)).join(' and ')}`;
    case 'failed':
      return failureInWords(reply);
    default:
      return unreachable(reply);
  }
}

function refusalInWords({ reason, holder, retryAfter, replaced }: Refused, cast: Cast): string {
  const on = holder === undefined ? '' : namedInWords(holder, cast);
  const why = {
    'same-device': on === '' ? 'already running on this device' : `already running on ${on}`,
    'other-device': on === '' ? 'in use on another device' : `in use on ${on}`,
    grace: on === '' ? 'kept free for a while' : `kept free after ${on}`,
  };
  const told = listed([
    reason === undefined ? (on === '' ? '' : `held by ${on}`) : why[reason],
    retryAfter === undefined ? '' : `retry in ${formatDuration(retryAfter)}`,
    replaced ? `having ended ${holderInWords(replaced, cast)}` : '',
  ]);
  return told === '' ? 'refused' : `refused: ${told}`;
}

function failureInWords({ why, message = '', sqlstate }: Failed): string {
  const kind = why === 'error' ? 'error' : 'failed';
  const told = [sqlstate ?? '', message].filter((text) => text !== '').join(' ');
  return told === '' ? kind : `${kind}: ${told}`;
}

function holderInWords(holder: NamedHolder, cast: Cast): string {
  const term = holder.term === undefined || holder.device === undefined ? '' : ` (term ${holder.term})`;
  return `${namedInWords(holder, cast)}${term}`;
}

/** The device of a holder, or whatever else of it is told. */
function namedInWords({ device, session, term }: NamedHolder, cast: Cast): string {
  if (device !== undefined) return deviceOf(device, cast);
  return session ?? (term === undefined ? 'a holder' : `term ${term}`);
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** `L1`, `L1/EURUSD`. */
export function scopeInWords({ license, symbol }: Scope): string {
  return symbol === '' ? license : `${license}/${symbol}`;
}

export function faultInWords(fault: StoreFault | null): string {
  if (fault === null) return 'works again';
  return {
    'table-missing': 'loses its table',
    'writes-refused': 'refuses every write',
    outage: 'is out of reach',
    'outcome-unknown': 'writes, and does not answer',
    slow: 'is slow',
    lagging: 'has copies that lag behind',
  }[fault];
}

/** `laptop`; where the process has a name of its own, `bot (laptop)`. */
export function actorInWords(name: string, cast: Cast): string {
  const device = cast.find((actor) => actor.name === name)?.device ?? name;
  return device === name ? name : `${name} (${device})`;
}

/** The machine's name in the cast; the fingerprint itself where the cast does not have it. */
function deviceOf(fingerprint: string, cast: Cast): string {
  return cast.find((actor) => actor.fingerprint === fingerprint)?.device ?? fingerprint;
}

/** `server`, and `server 2` where it is not the first. */
export function serverInWords(server: number): string {
  return server === 1 ? 'server' : `server ${server}`;
}

export function stopInWords(why: StopReason): string {
  switch (why) {
    case 'fence':
      return 'stops by its fence';
    case 'gone':
      return 'learns that its session is gone, and stops';
    case 'user':
      return 'is stopped by its user';
    case 'failure':
      return 'stops because a request failed';
    case 'wake':
      return 'wakes, and asks before it works';
  }
}

/** `cuts off the requests of laptop`, `carries the answers to laptop as usual`. */
export function networkInWords({ actor, messages, now }: NetworkChanged, cast: Cast): string {
  const whose = `${messages === 'requests' ? 'the requests of' : 'the answers to'} ${actorInWords(actor, cast)}`;
  if (now === null) return `carries ${whose} as usual`;
  switch (now.type) {
    case 'cut':
      return `loses ${whose}`;
    case 'slow':
      return `delays ${whose} by ${formatDuration(now.by)}`;
    case 'repeated':
      return `repeats ${whose} after ${formatDuration(now.after)}`;
  }
}

/** `of device laptop is set 2h ahead`. */
export function clockInWords({ clock, by }: ClockSet): string {
  return `of ${clock} is set ${formatDuration(Math.abs(by) as Duration)} ${by < 0 ? 'back' : 'ahead'}`;
}
