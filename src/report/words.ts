/** Commands, replies and events in the words of a timeline. */
import type { Command } from '../core/command.ts';
import type { Holder, Refused, Reply } from '../core/reply.ts';
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
      return command.takeOver === null ? 'start' : `start, taking over term ${command.takeOver}`;
    case 'heartbeat':
    case 'end':
      return `${command.type} of term ${command.term}`;
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
      const replaced = reply.replaced === null ? '' : `, replacing ${deviceOf(reply.replaced.device, cast)}`;
      return `granted, term ${reply.term}, until ${formatInstant(reply.expiry)}${replaced}`;
    }
    case 'refused':
      return refusalInWords(reply, cast);
    case 'renewed':
      return `renewed until ${formatInstant(reply.expiry)}`;
    case 'gone':
      return `gone: ${reply.why}${reply.by === null ? '' : `, by ${deviceOf(reply.by, cast)}`}`;
    case 'ended':
      return 'ended';
    case 'active':
      return `active: ${deviceOf(reply.holder.device, cast)}, until ${formatInstant(reply.expiry)}`;
    case 'idle':
      return `idle: a start is granted ${reply.retryAfter === 0 ? 'now' : `in ${formatDuration(reply.retryAfter)}`}`;
    case 'swept':
      return reply.sessions.length === 0
        ? 'nothing to let go of'
        : `let go of ${reply.sessions.map((swept) => holderInWords(swept, cast)).join(' and ')}`;
    case 'failed':
      return `failed: ${reply.message}`;
    default:
      return unreachable(reply);
  }
}

function refusalInWords({ reason, holder, retryAfter, replaced }: Refused, cast: Cast): string {
  const device = deviceOf(holder.device, cast);
  const why = {
    'same-device': `already running on ${device}`,
    'other-device': `in use on ${device}`,
    grace: `kept free after ${device}`,
  }[reason];
  const ended = replaced === null ? '' : `, having ended ${holderInWords(replaced, cast)}`;
  return `refused: ${why}, retry in ${formatDuration(retryAfter)}${ended}`;
}

function holderInWords({ device, term }: Holder, cast: Cast): string {
  return `${deviceOf(device, cast)} (term ${term})`;
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
