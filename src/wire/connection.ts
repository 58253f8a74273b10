/**
 * One connection through the proxy, from its startup message to its end. Everything that a client sends is put in one
 * queue, and one batch at a time is under way: parked, at the server, or with its reply held.
 */
import type { Socket } from 'node:net';
import { Batches, type Batch } from './batch.ts';
import { CLIENT, writeQuery } from './client-messages.ts';
import { failAtServer } from './failed-step.ts';
import { Framer, type Message } from './framing.ts';
import { MessageQueue } from './message-queue.ts';
import { MissingSync, ProtocolViolation, type Problem, type ProblemKind, type WireError } from './problem.ts';
import { INDICATORS, ReplyTracker, statusOf } from './reply.ts';
import {
  readError,
  readKey,
  readParameter,
  readStatus,
  SERVER,
  STARTING_SERVER,
  UNASKED,
  withoutChannelBinding,
  writeError,
  writeReady,
} from './server-messages.ts';
import type { Controller, Release, TransactionStatus, WireConnection, WireReply, WireStep } from './step.ts';

/** Both ends of a connection. */
export interface Ends {
  /** TLS where the client asked for it. */
  readonly client: Socket;
  /** The client's TCP connection, which can be reset. */
  readonly tcp: Socket;
  readonly server: Socket;
}

export interface Surroundings {
  readonly controller: Controller | null;
  readonly rewrite: (sql: string) => string;
  readonly report: (problem: Problem) => void;
  readonly nextStepId: () => number;
  readonly closed: (connection: Connection) => void;
}

interface UnderWay {
  readonly batch: Batch;
  /** Null where nothing is to schedule. */
  readonly step: WireStep | null;
  readonly tracker: ReplyTracker;
  phase: 'parked' | 'at-server' | 'held';
  release: Release;
  readonly held: Buffer[];
}

interface OwnStatement {
  readonly tracker: ReplyTracker;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** While a batch is under way, a client that has sent more than this is read no further, in bytes. */
const MOST_QUEUED = 1024 * 1024;
const LEFT: Message = { type: 'X', bytes: Buffer.from([0x58, 0, 0, 0, 4]) };

export class Connection implements WireConnection {
  readonly id: number;
  readonly user: string;
  readonly database: string;
  applicationName: string;
  pid: number | null = null;
  secret: Buffer = Buffer.alloc(0);
  status: TransactionStatus = 'idle';
  clientIsOpen = true;
  readonly #ends: Ends;
  readonly #around: Surroundings;
  readonly #fromClient = new Framer(CLIENT, 'client');
  readonly #fromServer = new Framer(STARTING_SERVER, 'server');
  readonly #batches: Batches;
  readonly #queue = new MessageQueue();
  /** Whether the server has accepted the client. */
  #ready = false;
  #underWay: UnderWay | null = null;
  /** What the server sent about a COPY whose data still comes in: it has failed. */
  #early: Message[] = [];
  #serverIsOpen = true;
  /** Whether the client's farewell was taken. */
  #left = false;
  /** A statement of the controller's own that is at the server. */
  #own: OwnStatement | null = null;
  /** Whether a problem has ended the connection; what still arrives is ignored. */
  #ended = false;
  #closed = false;

  constructor(id: number, startup: ReadonlyMap<string, string>, ends: Ends, around: Surroundings) {
    this.id = id;
    this.user = startup.get('user') ?? '';
    this.database = startup.get('database') ?? this.user;
    this.applicationName = startup.get('application_name') ?? '';
    this.#ends = ends;
    this.#around = around;
    this.#batches = new Batches(around.rewrite);
    const { client, server } = ends;
    client.on('data', (chunk: Buffer) => this.#guard(() => this.#receive(chunk)));
    server.on('data', (chunk: Buffer) => this.#guard(() => this.#answer(chunk)));
    client.on('drain', () => server.resume());
    server.on('drain', () => this.#listen());
    client.on('close', () => this.#guard(() => this.#clientLeft()));
    server.on('close', () => this.#guard(() => this.#serverLeft()));
    client.resume();
    server.resume();
  }

  get isAtServer(): boolean {
    return this.#underWay?.phase === 'at-server';
  }

  get peer(): Socket {
    return this.#ends.tcp;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  prepared(name: string): string | null {
    return this.#batches.prepared(name);
  }

  execute(sql: string): Promise<void> {
    if (this.isAtServer || this.#own !== null) throw new Error('a statement is at the server already');
    return new Promise((resolve, reject) => {
      if (!this.#serverIsOpen) return resolve();
      const batch = ownBatch(sql);
      this.#own = { tracker: new ReplyTracker(batch), resolve, reject };
      this.#send(batch.bytes);
    });
  }

  reset(): void {
    // A TLS connection over it ends without a farewell as well.
    this.#ends.tcp.resetAndDestroy();
    this.destroy();
  }

  /** Ends both connections at once. */
  destroy(): void {
    this.#ends.client.destroy();
    this.#ends.tcp.destroy();
    this.#ends.server.destroy();
  }

  /** Runs what a party caused: when it breaks the protocol, this connection ends, and nothing else does. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof ProtocolViolation) this.#end(`${error.party}-protocol`, error, '08P01');
      else if (error instanceof MissingSync) this.#end('no-sync', error, '08P01');
      else throw error;
    }
  }

  #end(kind: ProblemKind, cause: unknown, code: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const message = messageOf(cause);
    this.#around.report({ kind, message, cause });
    this.#write(writeError({ severity: 'FATAL', code, message }));
    this.#endClient();
    this.#ends.server.destroy();
  }

  // ── from the client ──

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    for (const message of this.#fromClient.push(chunk)) {
      // Authentication is between the client and the server.
      if (!this.#ready && message.type === 'p') this.#send([message.bytes]);
      else this.#queue.add(message);
    }
    this.#advance();
    if (this.#isFull()) this.#ends.client.pause();
  }

  /** Takes messages from the queue until a batch is under way. */
  #advance(): void {
    while (this.#ready && this.#underWay === null && this.#own === null && this.#serverIsOpen && !this.#ended) {
      const message = this.#queue.take();
      if (message === null) break;
      if (message.type === 'X') {
        this.#leave();
        continue;
      }
      const taken = this.#batches.take(message);
      if (taken === 'forward') this.#send([message.bytes]);
      else if (taken !== null) this.#begin(taken);
    }
    if (this.#underWay === null) this.#listen();
  }

  #isFull(): boolean {
    const stuck = this.#queue.bytes > MOST_QUEUED && this.#underWay !== null;
    return stuck || this.#ends.server.writableNeedDrain;
  }

  #listen(): void {
    if (this.#ends.client.isPaused() && !this.#isFull()) this.#ends.client.resume();
  }

  #clientLeft(): void {
    this.clientIsOpen = false;
    // What it sent before still takes effect, as on a real server.
    this.#queue.add(LEFT);
    this.#ends.server.resume();
    if (!this.#ready) this.#ends.server.destroy();
    this.#advance();
    this.#finish();
  }

  /** The client's last message: a farewell, or its connection is closed. */
  #leave(): void {
    if (!this.#ends.server.writable) return;
    const { unfinished } = this.#batches;
    if (unfinished !== null && !this.#batches.copyIsOpen) {
      const message = `the client left without a Sync or Flush after '${unfinished}', which was never run`;
      this.#around.report({ kind: 'no-sync', message });
    }
    if (this.#left) return;
    this.#left = true;
    this.#ask(
      () => this.#around.controller?.onLeave?.(this),
      () => this.#ends.server.end(LEFT.bytes),
    );
  }

  // ── one batch ──

  #begin(batch: Batch): void {
    const { controller } = this.#around;
    const step = batch.kind === null ? null : this.#stepOf(batch, batch.kind);
    const underWay: UnderWay = {
      batch,
      step,
      tracker: new ReplyTracker(batch),
      phase: 'parked',
      release: { type: 'pass' },
      held: [],
    };
    this.#underWay = underWay;
    if (batch.refused !== null) {
      const message = messageOf(batch.refused);
      this.#around.report({ kind: 'controller', message, cause: batch.refused });
      // The controller has not seen it.
      this.#fail({ ...underWay, step: null }, { code: '0A000', message });
    } else if (step === null || controller === null) {
      this.#forward(underWay);
    } else {
      this.#ask(
        () => controller.onStep(step),
        (release) => this.#release(underWay, release),
      );
    }
  }

  #stepOf({ statements }: Batch, kind: WireStep['kind']): WireStep {
    return { id: this.#around.nextStepId(), connection: this, kind, statements, status: this.status };
  }

  /** Goes on at once where the controller decides at once. */
  #ask<T>(question: () => T | Promise<T>, then: (answer: T) => void): void {
    const failed = (error: unknown) => this.#end('controller', error, '58000');
    const guarded = (answer: T) => this.#guard(() => then(answer));
    let answer: T | Promise<T>;
    try {
      answer = question();
    } catch (error) {
      failed(error);
      return;
    }
    if (answer instanceof Promise) void answer.then(guarded, failed);
    else guarded(answer);
  }

  #release(underWay: UnderWay, release: Release): void {
    underWay.release = release;
    switch (release.type) {
      case 'forward':
      case 'pass':
      case 'lose-reply':
        return this.#forward(underWay);
      case 'fail':
        return this.#fail(underWay, release.error);
      case 'reset':
        return this.reset();
    }
  }

  #forward(underWay: UnderWay): void {
    underWay.phase = 'at-server';
    if (!this.#serverIsOpen) return this.#complete(underWay);
    this.#batches.sent(underWay.batch);
    this.#send(underWay.batch.bytes);
    const early = this.#early;
    this.#early = [];
    for (const message of early) this.#follow(underWay, message);
    // A Flush alone is owed nothing.
    if (underWay.phase === 'at-server' && underWay.tracker.complete) this.#complete(underWay);
  }

  #fail(underWay: UnderWay, error: WireError): void {
    const { batch } = underWay;
    const instead = failAtServer(batch, this.status, this.#batches.uncommitted, error);
    const substitute: UnderWay = {
      ...underWay,
      batch: { ...batch, bytes: instead.bytes, statements: [] },
      tracker: new ReplyTracker({ ...batch, expected: instead.expected }),
      release: { type: 'fail', error },
    };
    this.#underWay = substitute;
    this.#forward(substitute);
  }

  // ── from the server ──

  #answer(chunk: Buffer): void {
    if (this.#ended) return;
    const { client, server } = this.#ends;
    const messages = this.#fromServer.push(chunk);
    client.cork();
    for (const message of messages) {
      if (message.type === 'S') this.#setParameter(message);
      if (this.#ready) this.#receiveAnswer(message);
      else this.#start(message);
    }
    client.uncork();
    if (this.clientIsOpen && client.writableNeedDrain) server.pause();
  }

  #start(message: Message): void {
    if (message.type === 'K') ({ pid: this.pid, secret: this.secret } = readKey(message));
    this.#write(withoutChannelBinding(message));
    if (message.type !== 'Z') return;
    this.status = statusOf(readStatus(message));
    this.#ready = true;
    this.#fromServer.expect(SERVER);
    this.#advance();
  }

  #receiveAnswer(message: Message): void {
    const underWay = this.#underWay;
    if (this.#own !== null) this.#followOwn(this.#own, message);
    else if (underWay !== null && underWay.phase === 'held') underWay.held.push(message.bytes);
    else if (underWay !== null && underWay.phase === 'at-server') this.#follow(underWay, message);
    else if (UNASKED.has(message.type)) this.#write(message.bytes);
    else if (underWay?.batch.kind === 'copy' || this.#batches.copyIsOpen) this.#early.push(message);
    else if (message.type === 'E' && readError(message).severity !== 'ERROR') this.#write(message.bytes);
    else
      throw new ProtocolViolation('server', `sent a message '${message.type}' that no message of the client asked for`);
  }

  #follow(underWay: UnderWay, message: Message): void {
    const { tracker, release } = underWay;
    if (!UNASKED.has(message.type)) tracker.take(message);
    if (release.type === 'pass') this.#write(message.bytes);
    else if (release.type !== 'fail' || UNASKED.has(message.type)) underWay.held.push(message.bytes);
    if (tracker.complete) this.#complete(underWay);
  }

  /** The client receives none of it but parameters that changed. */
  #followOwn(own: OwnStatement, message: Message): void {
    const { tracker } = own;
    if (message.type === 'S') this.#write(message.bytes);
    if (UNASKED.has(message.type)) return;
    tracker.take(message);
    if (!tracker.complete) return;
    this.#own = null;
    if (tracker.status !== null) this.status = tracker.status;
    const error = tracker.results.find(({ type }) => type === 'error');
    if (error?.type === 'error') own.reject(new Error(error.message));
    else own.resolve();
    this.#advance();
  }

  /** All that the batch asked for has arrived, or the connection has ended. */
  #complete(underWay: UnderWay): void {
    const { step, release, tracker, batch } = underWay;
    underWay.phase = 'held';
    if (tracker.status !== null) {
      this.status = tracker.status;
      this.#batches.ready(tracker.status === 'idle');
    }
    if (tracker.skipping) this.#batches.skipToSync();
    if (tracker.copyIn !== null) this.#batches.beginCopy(tracker.copyIn);
    if (release.type === 'fail') this.#answerFailure(underWay, release.error, batch);
    const { controller } = this.#around;
    if (release.type === 'pass' || step === null || controller?.onReply === undefined) return this.#deliver(underWay);
    const reply = this.#replyOf(underWay);
    this.#ask(
      () => controller.onReply?.(step, reply),
      () => this.#deliver(underWay),
    );
  }

  /** The client gets the error in place of everything that the server said to the substitute. */
  #answerFailure({ held }: UnderWay, error: WireError, { end }: Batch): void {
    held.push(writeError(error));
    if (error.severity === 'FATAL') return;
    if (end === 'flush') this.#batches.skipToSync();
    else held.push(writeReady(INDICATORS[this.status]));
  }

  #replyOf({ tracker, release }: UnderWay): WireReply {
    const results = release.type === 'fail' ? [{ type: 'error' as const, ...release.error }] : tracker.results;
    return { results, status: this.status, copyIn: tracker.copyIn !== null, closed: !this.#serverIsOpen };
  }

  #deliver({ held, release }: UnderWay): void {
    if (release.type === 'lose-reply') return this.reset();
    this.#ends.client.cork();
    for (const bytes of held) this.#write(bytes);
    this.#ends.client.uncork();
    this.#underWay = null;
    if (release.type === 'fail' && release.error.severity === 'FATAL') this.#ends.server.destroy();
    if (!this.#serverIsOpen) this.#endClient();
    this.#advance();
  }

  #setParameter(message: Message): void {
    const { name, value } = readParameter(message);
    if (name === 'application_name') this.applicationName = value;
  }

  #serverLeft(): void {
    this.#serverIsOpen = false;
    this.#own?.resolve();
    this.#own = null;
    const underWay = this.#underWay;
    if (underWay?.phase === 'at-server') this.#complete(underWay);
    // With a reply that is held the client learns it when that is delivered.
    else if (underWay?.phase !== 'held') {
      for (const { bytes } of this.#early) this.#write(bytes);
      this.#endClient();
    }
    this.#finish();
  }

  // ── both ──

  #send(messages: readonly Buffer[]): void {
    const { server } = this.#ends;
    if (!server.writable) return;
    server.cork();
    for (const bytes of messages) server.write(bytes);
    server.uncork();
  }

  #write(bytes: Buffer): void {
    if (this.#ends.client.writable) this.#ends.client.write(bytes);
  }

  /** The client can read what was written before. */
  #endClient(): void {
    this.#ends.client.destroySoon();
  }

  #finish(): void {
    if (this.#closed || this.clientIsOpen || this.#serverIsOpen) return;
    this.#closed = true;
    this.#around.closed(this);
    try {
      this.#around.controller?.onClose?.(this);
    } catch (cause) {
      this.#around.report({ kind: 'controller', message: messageOf(cause), cause });
    }
  }
}

function ownBatch(sql: string): Batch {
  const expected = [{ type: 'query' }] as const;
  return { bytes: [writeQuery(sql)], end: 'query', kind: 'simple', statements: [], expected, refused: null };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
