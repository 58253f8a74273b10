/**
 * The address in `DATABASE_URL`: that of the database of the first lane, known before the module of a design is loaded. A
 * module-level pool or ORM connects to it; a service that takes the `url` of its call does not need it.
 */
import { randomBytes } from 'node:crypto';
import { credentialsOf, type PostgresChoice } from '../../postgres/server.ts';
import type { Problem } from '../../wire/problem.ts';
import { openProxy, type WireProxy } from '../../wire/proxy.ts';
import type { Admission, Controller, Opening, WireConnection, WireReply, WireStep } from '../../wire/step.ts';

/** What the address leads to once the server runs and the first lane is open. */
interface Destination {
  readonly url: string;
  readonly controller: Controller;
  readonly rewrite: (sql: string) => string;
  readonly onProblem: (problem: Problem) => void;
}

export class SharedAddress {
  /** The password of a server that is started for the race; one that exists has its own. */
  readonly password: string;
  #proxy!: WireProxy;
  #destination: Destination | null = null;
  #attach: (destination: Destination) => void = () => undefined;
  readonly #attached = new Promise<Destination>((resolve) => (this.#attach = resolve));
  readonly #environment = process.env;
  readonly #former = process.env['DATABASE_URL'];
  #isRead = false;
  #lanes = 1;

  private constructor(password: string) {
    this.password = password;
  }

  /** Listens, and sets `DATABASE_URL`. Throws `EnvironmentError` when no port is free. */
  static async open(choice: PostgresChoice): Promise<SharedAddress> {
    const address = new SharedAddress(randomBytes(18).toString('hex'));
    await address.#listen(credentialsOf(choice, address.password));
    return address;
  }

  /** Whether the code of the design has read `DATABASE_URL`. */
  get isRead(): boolean {
    return this.#isRead;
  }

  get port(): number {
    return Number(new URL(this.#proxy.url).port);
  }

  get connections(): readonly WireConnection[] {
    return this.#proxy.connections;
  }

  /** With several lanes nothing tells which of them a client of the address belongs to, so it is rejected. */
  hasLanes(lanes: number): void {
    this.#lanes = lanes;
  }

  /** Clients that have connected before wait for it. */
  attach(destination: Destination): void {
    this.#destination = destination;
    this.#attach(destination);
  }

  async close(): Promise<void> {
    process.env = this.#environment;
    if (this.#former === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = this.#former;
    await this.#proxy.close();
  }

  async #listen(url: string): Promise<void> {
    this.#proxy = await openProxy({
      url,
      upstream: this.#attached.then((destination) => destination.url),
      controller: {
        onConnect: (opening) => this.#admit(opening),
        onStep: (step: WireStep) => this.#controller.onStep(step),
        onReply: (step: WireStep, reply: WireReply) => this.#controller.onReply?.(step, reply),
        onLeave: (connection: WireConnection) => this.#controller.onLeave?.(connection),
        onClose: (connection: WireConnection) => this.#controller.onClose?.(connection),
      },
      rewrite: (sql) => (this.#destination as Destination).rewrite(sql),
      onProblem: (problem) => this.#destination?.onProblem(problem),
    });
    process.env['DATABASE_URL'] = this.#proxy.url;
    process.env = new Proxy(this.#environment, {
      get: (values, name) => {
        if (name === 'DATABASE_URL') this.#isRead = true;
        return Reflect.get(values, name) as unknown;
      },
    });
  }

  async #admit(opening: Opening): Promise<Admission> {
    const { controller } = await this.#attached;
    const accepted: Admission = { type: 'accept' };
    if (this.#lanes === 1) return (await controller.onConnect?.(opening)) ?? accepted;
    const message =
      'DATABASE_URL leads to one database, and the race uses several: race with --lanes 1, or read it when the module is loaded';
    return { type: 'reject', error: { severity: 'FATAL', code: '0A000', message } };
  }

  get #controller(): Controller {
    return (this.#destination as Destination).controller;
  }
}
