/** A world: a design with devices, a network, servers and stores around it; and what a Script does to it. */
import type { ClientConfig } from '../core/client.ts';
import type { ClientRequest } from '../core/command.ts';
import { isUsageError, UsageError } from '../core/failures.ts';
import type { Reply, StartReply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import { NO_TIME, type Duration, type Instant } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { hasRequest, type Design } from '../designs/design.ts';
import type { Actor, ClockName, History } from '../history/history.ts';
import { Credentials } from '../service/credentials.ts';
import { probesOf, strangerTo } from '../service/probe.ts';
import { AppServers } from './app-server.ts';
import { ClientProcess } from './client-process.ts';
import { DriftingClock } from './drifting-clock.ts';
import { exchange, type Between, type Sender } from './exchange.ts';
import { licensesOf } from './licenses.ts';
import { Machine } from './machine.ts';
import { Memory } from './memory.ts';
import { Network } from './network.ts';
import { PROBE, Recorder, type Origin } from './recorder.ts';
import { Resource } from './resource.ts';
import { absentRequestIn, type Action, type HandAction, type Script, type WorldAction } from './script.ts';
import { Stores } from './stores.ts';
import { TrueTime } from './time.ts';

/** Takes the error of an action that cannot be performed, which is then left out. May throw it. */
export type Impossible = (error: UsageError) => void;

function reject(error: UsageError): never {
  throw error;
}

export class World {
  readonly time: TrueTime;
  readonly #recorder = new Recorder();
  readonly #script: Script;
  readonly #design: Design;
  readonly #network: Network;
  readonly #stores: Stores;
  readonly #servers: AppServers;
  readonly #between: Between;
  readonly #serverClocks: readonly DriftingClock[];
  readonly #machines = new Map<string, Machine>();
  readonly #clients = new Map<string, ClientProcess>();
  readonly #memory: Memory;
  /** Session ids of the actors differ, so one store serves them all. */
  readonly #credentials = new Credentials();
  readonly #impossible: Impossible;
  /** Who has probed; null where nothing was asked at rest. */
  #stranger: Actor | null = null;

  constructor(script: Script, design: Design, time = new TrueTime(), impossible: Impossible = reject) {
    rejectAbsent(script, design);
    this.time = time;
    this.#impossible = impossible;
    this.#script = script;
    this.#design = design;
    const { surroundings, cast } = script;
    this.#memory = new Memory(cast);
    this.#network = new Network(time, this.#recorder, surroundings.latency);
    const clockOf = (name: ClockName): DriftingClock => {
      const clock = surroundings.clocks.find((each) => each.clock === name);
      return new DriftingClock(clock?.offset ?? 0, clock?.drift ?? 0);
    };
    this.#stores = new Stores(design.stores, time, this.#recorder, clockOf('store'), {
      latency: surroundings.storeLatency,
      licenses: licensesOf(script),
      longestLag: longestLagIn(script),
      several: design.promises !== null,
    });
    this.#serverClocks = Array.from({ length: surroundings.servers }, (_, n) => clockOf(`server ${n + 1}`));
    this.#servers = new AppServers(design, time, this.#recorder, this.#stores, this.#serverClocks);
    this.#between = { time, recorder: this.#recorder, network: this.#network, servers: this.#servers };
    const resource = new Resource(design.resource, time, this.#recorder);
    for (const actor of cast) this.#join(actor, resource);
    this.#schedule();
  }

  /** What has happened. To be asked when the time of the script is over. */
  history(): History {
    const { title, policy, cast, surroundings, until } = this.#script;
    const recorded = this.#recorder.events;
    const at = Math.max(until, recorded.at(-1)?.at ?? until) as Instant;
    const events = [...recorded, { type: 'end', at } as const];
    return {
      title,
      on: this.#design.name,
      policy,
      cast: this.#stranger === null ? cast : [...cast, this.#stranger],
      clocks: surroundings.clocks,
      stores: this.#design.promises,
      events,
    };
  }

  /**
   * Asks a service that shows no rows what it holds, past the network and without time for it: clients stand still. To be
   * asked when the time of the script is over; where calls are under way then, or the store fails, nothing is asked.
   */
  async probe(settle: () => Promise<void>): Promise<void> {
    const { events } = this.#recorder;
    const isGranted = events.some((event) => event.type === 'answered' && event.reply.type === 'granted');
    if (!isGranted || events.some(({ type }) => type === 'held') || !this.#stores.atRest) return;
    this.#stores.takeNoTime();
    const stranger = strangerTo(this.#script.cast);
    const probes = probesOf([...events], stranger, (request) => hasRequest(this.#design, request));
    let turn = probes.next();
    while (turn.done !== true) {
      this.#stranger = stranger;
      const { actor, command } = turn.value;
      const told: { reply: Reply | null } = { reply: null };
      const isTaken = this.#servers.take({
        actor,
        caller: 'device' in command ? (command.device ?? null) : null,
        sent: this.time.now,
        origin: PROBE,
        command,
        answered: (answer) => {
          answer.arrived = true;
          told.reply = answer.reply;
        },
      });
      await this.time.settleNow(settle);
      // Without a server that is up, or where the answer needs time, nothing more can be seen.
      if (!isTaken || !this.#stores.atRest) return;
      turn = probes.next(told.reply);
    }
  }

  /** Writes down what no service may do and what is not seen by itself. To be asked before the history. */
  writeFailures(strays: readonly unknown[]): void {
    for (const error of strays) {
      const message = error instanceof Error ? error.message : String(error);
      this.#recorder.add({ type: 'design-failed', at: this.#script.until, call: null, how: 'threw', message });
    }
    this.#servers.writeHung(this.#script.policy.timeout);
  }

  #join(actor: Actor, resource: Resource): void {
    const { time } = this;
    const { clocks, stopTime } = this.#script.surroundings;
    let machine = this.#machines.get(actor.device);
    if (machine === undefined) {
      const clock = clocks.find((each) => each.clock === `device ${actor.device}`);
      machine = new Machine(actor.device, time, clock);
      this.#machines.set(actor.device, machine);
    }
    if (actor.client === null) return;
    const presents = (start: number): string => this.#design.presents?.(actor, start) ?? actor.fingerprint;
    this.#clients.set(
      actor.name,
      new ClientProcess(actor, clientFor(actor.client, this.#design), {
        time,
        recorder: this.#recorder,
        machine,
        resource,
        stopTime,
        presents,
        send: (sender, origin, command, told) => this.#send(sender, origin, command, told),
      }),
    );
  }

  #schedule(): void {
    const { policy, steps, until } = this.#script;
    const { time } = this;
    const every = policy.cleanUp.type === 'swept' ? policy.cleanUp.every : null;
    // Timers of one instant fire in the order in which they were set, so the server's own sweep comes first.
    if (every !== null && hasRequest(this.#design, 'sweep')) {
      const sweep = (): void => {
        this.#servers.sweep();
        if (time.now + every <= until) time.in(every, sweep);
      };
      time.in(every, sweep);
    }
    steps.forEach((step, index) => {
      time.at(step.at, () => {
        step.actions.forEach((action, position) => this.#performIfPossible(action, { step: index, action: position }));
      });
    });
  }

  #performIfPossible(action: Action, origin: Origin): void {
    try {
      this.#perform(action, origin);
    } catch (error) {
      if (!isUsageError(error)) throw error;
      this.#impossible(new UsageError(error.message, error.place ?? this.#script.steps[origin.step ?? 0]?.place));
    }
  }

  #perform(action: Action, origin: Origin): void {
    switch (action.type) {
      case 'user-starts':
        this.#clients.get(action.actor)?.userStarts(action.scope, action.takeOver, origin);
        break;
      case 'user-stops':
        this.#clients.get(action.actor)?.userStops(origin);
        break;
      case 'stops-in':
        this.#clients.get(action.actor)?.stopsIn(action.takes);
        break;
      case 'hang':
        this.#clients.get(action.actor)?.hang(action.lasts);
        break;
      case 'sleep':
        this.#machines.get(action.device)?.sleep(action.lasts);
        break;
      case 'network':
        this.#network.disturb(action.actor, action.messages, action.fault, action.lasts);
        break;
      case 'set-clock':
        this.#setClock(action);
        break;
      case 'crash-server':
        this.#servers.crash(action.server, action.lasts);
        break;
      case 'store-fails':
        this.#stores.fail(action.fault, action.lasts);
        break;
      case 'store-slows':
        this.#stores.slow(action.by, action.lasts);
        break;
      case 'store-lags':
        this.#stores.lag(action.by, action.lasts);
        break;
      default:
        this.#performByHand(action, origin);
    }
  }

  #performByHand(action: HandAction, origin: Origin): void {
    switch (action.type) {
      case 'start':
        this.#send(this.#byHand(action.actor), origin, this.#memory.startCommand(action), (reply) => {
          if (action.answer === 'arrives') this.#memory.learn(action.actor, action.scope, reply as StartReply);
        });
        break;
      case 'heartbeat':
      case 'end':
        this.#send(this.#byHand(action.actor), origin, this.#memory.namingCommand(action), ignore);
        break;
      case 'status':
        this.#ask(this.#byHand(action.actor), origin, action.scope);
        break;
      case 'sweep':
        this.#servers.sweep();
        break;
      case 'crash':
        this.#crash(action.actor);
        break;
      case 'restart-server':
        this.#servers.crash(1, NO_TIME);
        break;
      case 'store-fault':
        throw new UsageError(
          `a fault of the store has an end in a world; write for example store.fails('outage', { for: '30s' })`,
        );
      case 'empty-store':
        throw new UsageError(`a table is not made anew in a world`);
      default:
        unreachable(action);
    }
  }

  #ask(sender: Sender, origin: Origin, scope: Scope): void {
    exchange(this.#between, sender, origin, { type: 'status', scope, device: sender.device }, ignore);
  }

  #byHand(actor: string): Sender {
    return { actor, device: this.#script.cast.find(({ name }) => name === actor)?.fingerprint ?? '' };
  }

  #crash(actor: string): void {
    const client = this.#clients.get(actor);
    if (client !== undefined) client.crash();
    else {
      this.#memory.forget(actor);
      this.#recorder.add({ type: 'crashed', at: this.time.now, actor });
    }
  }

  #setClock({ clock, by }: Extract<WorldAction, { type: 'set-clock' }>): void {
    this.#recorder.add({ type: 'clock-set', at: this.time.now, clock, by });
    if (clock === 'store') this.#stores.setClock(by);
    else if (clock.startsWith('device ')) this.#machines.get(clock.slice('device '.length))?.setClock(by);
    else this.#serverClocks[Number(clock.slice('server '.length)) - 1]?.set(this.time.now, by);
  }

  /** Sends what a client or an actor asks, with its device and its latest credential. */
  #send(sender: Sender, origin: Origin, request: ClientRequest, told: (reply: Reply) => void): void {
    exchange(this.#between, sender, origin, this.#credentials.address(request, sender.device), (reply) => {
      this.#credentials.learn(request, reply);
      told(reply);
    });
  }
}

/** Throws `UsageError`, with the place of the step, for a step that sends a request that the service does not have. */
function rejectAbsent(script: Script, design: Design): void {
  const absent = absentRequestIn(script, design);
  if (absent === null) return;
  const { request, place } = absent;
  throw new UsageError(
    `${design.name} has no ${request} request; leave this step out, or add ${request} to the service`,
    place,
  );
}

/** A client sends no request that the service does not have. */
function clientFor(config: ClientConfig, design: Design): ClientConfig {
  const without = hasRequest(design, 'end') ? config : { ...config, release: 'never' as const };
  return hasRequest(design, 'heartbeat') ? without : { ...without, heartbeats: false };
}

function longestLagIn(script: Script): Duration {
  let longest = NO_TIME;
  for (const { actions } of script.steps) {
    for (const action of actions) if (action.type === 'store-lags' && action.by > longest) longest = action.by;
  }
  return longest;
}

function ignore(): void {
  // What is lost here has been written down where it was seen.
}
