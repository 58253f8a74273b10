/** P24: while the store cannot be written to, no start is granted, no client at work is stopped, and nothing acknowledged is lost. */
import { after, formatDuration, formatInstant, type Instant } from '../core/time.ts';
import type { StoreFault, StoreFaulted, WorkStopping } from '../history/history.ts';
import { isAnswered, type AnsweredOperation, type Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { leaseIn, leaseKey } from './lease.ts';
import { tellingOf, type Telling } from './telling.ts';

/** `durability` is the law of acknowledged heartbeats; what it finds broken by an outage is broken here too. */
export function databaseOutage(durability: Law): Law {
  return {
    code: 'P24',
    name: 'database outage',
    kind: 'liveness',
    statement:
      'while the store cannot be written to, starts are refused, holders work on until their fence, and nothing acknowledged is lost',
    judge: (evidence) => {
      const fails = evidence.incidents.some((event) => event.type === 'store-faulted' && isOutage(event.fault));
      return fails ? new Watch(evidence, durability).run() : { tested: 0, breaches: [], notJudged: null };
    },
  };
}

/** Whether no write can take effect. */
function isOutage(fault: StoreFault | null): boolean {
  return fault === 'outage' || fault === 'table-missing' || fault === 'writes-refused';
}

interface Outage {
  readonly from: Instant;
  to: Instant;
}

class Watch {
  readonly #evidence: Evidence;
  readonly #durability: Law;
  readonly #tell: Telling;
  readonly #outages: Outage[] = [];
  /** Calls that reached the server after the outage under way had begun. */
  readonly #since = new Set<number>();
  readonly #granted = new Set<string>();
  readonly #atWork = new Set<string>();
  readonly #breaches: Breach[] = [];
  #tested = 0;

  constructor(evidence: Evidence, durability: Law) {
    this.#evidence = evidence;
    this.#durability = durability;
    this.#tell = tellingOf(evidence.history);
  }

  run(): Judgement {
    const { history, at } = this.#evidence;
    history.events.forEach((event, position) => {
      switch (event.type) {
        case 'store-faulted':
          this.#fault(event);
          break;
        case 'store-emptied':
          this.#over(event.at);
          break;
        case 'called':
          if (this.#now() !== null) this.#since.add(event.call);
          break;
        case 'answered': {
          const operation = at[position];
          if (operation !== undefined && isAnswered(operation)) this.#answer(operation);
          break;
        }
        case 'work-began':
          this.#atWork.add(event.actor);
          break;
        case 'work-stopped':
        case 'crashed':
          this.#atWork.delete(event.actor);
          break;
        case 'work-stopping':
          if (event.why === 'failure') this.#stop(event);
          break;
        default:
      }
    });
    const lost = this.#lostAcknowledgements();
    const breaches = [...this.#breaches, ...lost].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    return { tested: this.#tested + lost.length, breaches, notJudged: null };
  }

  /** The outage under way. */
  #now(): Outage | null {
    const last = this.#outages.at(-1);
    return last?.to === NEVER ? last : null;
  }

  #over(at: Instant): void {
    const now = this.#now();
    if (now !== null) now.to = at;
    this.#since.clear();
  }

  #fault({ at, fault }: StoreFaulted): void {
    this.#over(at);
    if (!isOutage(fault)) return;
    this.#outages.push({ from: at, to: NEVER });
    this.#tested += this.#atWork.size;
  }

  #answer(operation: AnsweredOperation): void {
    const { call, command, answer } = operation;
    const { reply } = answer;
    const granted = command.type === 'start' ? leaseIn(operation) : null;
    const key = granted === null ? null : leaseKey(granted);
    const known = key !== null && this.#granted.has(key);
    if (key !== null) this.#granted.add(key);
    const outage = this.#now();
    if (outage === null || !this.#since.has(call)) return;
    if (command.type !== 'start' && command.type !== 'heartbeat') return;
    this.#tested += 1;
    // A start that is sent again may be answered from what can be read.
    if (known || (reply.type !== 'granted' && reply.type !== 'renewed')) return;
    this.#breaches.push({
      at: answer.at,
      message: `a ${command.type} of ${this.#tell.caller(operation)} was ${reply.type} while the store could not be written to`,
      why: `the store has failed since ${formatInstant(outage.from)}, so nothing can have been written`,
      ...(command.type === 'start'
        ? {
            cause: 'granted-in-outage',
            fix: 'answer failed when the store fails, and grant a seat only with a committed write',
          }
        : {
            cause: 'renewed-in-outage',
            fix: 'answer failed when the store fails, and answer renewed only for a committed write; the client works on until its fence',
          }),
      calls: [call],
    });
  }

  #stop({ actor, at }: WorkStopping): void {
    const { requestTimeout, fence } = this.#evidence.history.policy;
    const outage = this.#outages.findLast(({ from, to }) => from <= at && at <= after(to, requestTimeout));
    if (outage === undefined) return;
    this.#tested += 1;
    const member = this.#evidence.history.cast.find(({ name }) => name === actor);
    const own = member?.client?.fence ?? fence;
    this.#breaches.push({
      at,
      cause: 'stopped-by-outage',
      message: `${actor} was stopped by an outage of the store that began at ${formatInstant(outage.from)}`,
      why: `it takes one failed request as the end of its session, ${own === null ? 'and no call had ended that' : `and its fence is ${formatDuration(own)} long`}`,
      fix: `go on after a failed request until the fence: onFailure: 'keep-trying'`,
      calls: this.#lastRequestOf(actor, at),
    });
  }

  #lastRequestOf(actor: string, at: Instant): readonly number[] {
    const last = this.#evidence.operations.findLast((each) => each.actor === actor && each.sent <= at);
    return last === undefined ? [] : [last.call];
  }

  /** Heartbeats that were acknowledged before an outage was over and did not count after it had begun. */
  #lostAcknowledgements(): readonly Breach[] {
    const { breaches } = this.#durability.judge(this.#evidence);
    if (breaches.length === 0) return [];
    const answered = new Map(this.#evidence.operations.map(({ call, answer }) => [call, answer?.at ?? NEVER]));
    const lost = breaches.filter(({ at, calls }) => {
      const acknowledged = Math.min(...calls.map((call) => answered.get(call) ?? NEVER));
      return this.#outages.some(({ from, to }) => at !== null && at >= from && acknowledged <= to);
    });
    return lost.map((breach) => ({ ...breach, cause: 'acknowledgement-lost' }));
  }
}

const NEVER = Infinity as Instant;
