/** The proxy: a Postgres address of its own in front of a database, whose statements a controller can order and fail. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { EnvironmentError } from '../core/failures.ts';
import { Connection, type Surroundings } from './connection.ts';
import { readOpening, writeStartup, type Opening as OpeningPacket } from './framing.ts';
import { InProcessSocket } from './in-process-socket.ts';
import { ProtocolViolation, type Problem, type ProblemKind, type WireError } from './problem.ts';
import { writeError } from './server-messages.ts';
import type { Admission, Controller, Opening, WireConnection } from './step.ts';
import { selfSignedContext } from './tls.ts';
import { connectUpstream, upstreamOf, type Upstream } from './upstream.ts';

export interface ProxyOptions {
  /** Of the database, for example `postgres://me:secret@127.0.0.1:5432/test`; `?host=/folder` names a Unix socket. */
  readonly url: string;
  /** Where the database is, once that is known: clients wait for it. By default it is where `url` says. */
  readonly upstream?: Promise<string>;
  /** Without one, every step passes. */
  readonly controller?: Controller;
  /**
   * Returns what the server gets instead of the SQL text of a Query or a Parse. When it throws, the client gets the message
   * as an error with the SQLSTATE 0A000, and nothing of the step is sent.
   */
  readonly rewrite?: (sql: string) => string;
  /** Hears what goes wrong on the wire by itself. */
  readonly onProblem?: (problem: Problem) => void;
}

export interface WireProxy {
  /** The URL of the database through the proxy, with user and password. Never print it. */
  readonly url: string;
  readonly connections: readonly WireConnection[];
  /**
   * A connection for a client in this process, for the option `stream` of node-postgres. The proxy works in `outside`.
   */
  connect(outside?: (work: () => void) => void): InProcessSocket;
  /** Ends all connections and frees the port. Can be called twice. */
  close(): Promise<void>;
}

/** Listens on a free port of the loopback interface. Throws `EnvironmentError` when there is none. */
export async function openProxy(options: ProxyOptions): Promise<WireProxy> {
  const proxy = new Proxy(options);
  await proxy.listen();
  return proxy;
}

class Proxy implements WireProxy {
  readonly #options: ProxyOptions;
  readonly #upstream: Upstream;
  readonly #server = createServer({ noDelay: true }, (socket) => void this.#accept(socket));
  /** Every socket of either side, also those that are no connection yet. */
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<Connection>();
  readonly #around: Surroundings;
  #tls: SecureContext | null = null;
  #ids = 0;
  #steps = 0;
  #closing: Promise<void> | null = null;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#upstream = upstreamOf(options.url);
    this.#around = {
      controller: options.controller ?? null,
      rewrite: options.rewrite ?? ((sql) => sql),
      report: (problem) => options.onProblem?.(problem),
      nextStepId: () => ++this.#steps,
      closed: (connection) => this.#connections.delete(connection),
    };
  }

  get url(): string {
    const url = new URL(this.#options.url);
    // How the proxy reaches the server is nothing to its clients.
    for (const name of ['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation']) {
      url.searchParams.delete(name);
    }
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  get connections(): readonly WireConnection[] {
    return [...this.#connections];
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) =>
        reject(new EnvironmentError(`the proxy cannot listen on 127.0.0.1: ${cause.message}`, { cause })),
      );
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  connect(outside?: (work: () => void) => void): InProcessSocket {
    return new InProcessSocket((server) => void this.#accept(server as unknown as Socket), outside);
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closing;
  }

  /** What a party does wrong ends this connection alone. */
  async #accept(tcp: Socket): Promise<void> {
    // One that connects in this process has the methods of a socket that are used here.
    this.#track(tcp);
    let client = tcp;
    try {
      for (;;) {
        const opening = await nextOpening(client);
        switch (opening?.type) {
          case undefined:
            return void tcp.destroy();
          case 'gss':
            client.write('N');
            break;
          case 'tls':
          case 'direct-tls':
            client = this.#encrypt(client, opening.type);
            break;
          case 'cancel':
            return await this.#cancel(client, opening);
          case 'startup':
            return await this.#start(client, tcp, opening);
        }
      }
    } catch (error) {
      this.#refuse(client, error);
    }
  }

  #encrypt(client: Socket, type: 'tls' | 'direct-tls'): Socket {
    if (client instanceof TLSSocket) throw new ProtocolViolation('client', 'asks for TLS within TLS');
    // Bytes before the handshake could be taken for encrypted ones.
    if (type === 'tls' && client.readableLength > 0) {
      throw new ProtocolViolation('client', 'sent more with its request for TLS than the request');
    }
    if (type === 'tls') client.write('S');
    this.#tls ??= selfSignedContext();
    const options = { isServer: true, secureContext: this.#tls, ALPNProtocols: ['postgresql'] };
    const encrypted = new TLSSocket(client, options);
    this.#track(encrypted);
    return encrypted;
  }

  /** Forwards the request when its key belongs to a connection of this proxy. As on a real server there is no answer. */
  async #cancel(client: Socket, { bytes, pid, secret }: OpeningPacket & { type: 'cancel' }): Promise<void> {
    const known = [...this.#connections].some((each) => each.pid === pid && each.secret.equals(secret));
    if (known) {
      const server = await this.#connectServer();
      await new Promise<void>((resolve) =>
        server
          .once('close', () => resolve())
          .resume()
          .end(bytes),
      );
    }
    client.end();
  }

  async #start(client: Socket, tcp: Socket, { bytes, parameters }: OpeningPacket & { type: 'startup' }): Promise<void> {
    const user = parameters.get('user') ?? '';
    const database = parameters.get('database') ?? user;
    const applicationName = parameters.get('application_name') ?? '';
    const admission = await this.#admit({ user, database, applicationName, options: parameters.get('options') ?? '' });
    if (admission.type === 'reset') return void tcp.resetAndDestroy();
    if (admission.type === 'reject') return endWith(client, admission.error);
    const { options } = admission;
    const server = await this.#connectServer();
    server.write(options === undefined ? bytes : writeStartup(bytes, new Map([...parameters, ['options', options]])));
    // A client that replicates executes no statements.
    if (parameters.has('replication')) return tunnel(client, server);
    const connection = new Connection(++this.#ids, parameters, { client, tcp, server }, this.#around);
    if (client.destroyed) return connection.destroy();
    this.#connections.add(connection);
  }

  async #admit(opening: Opening): Promise<Admission> {
    try {
      return (await this.#options.controller?.onConnect?.(opening)) ?? { type: 'accept' };
    } catch (cause) {
      throw new ConnectFailure('controller', '58000', cause);
    }
  }

  async #connectServer(): Promise<Socket> {
    const upstream = this.#options.upstream === undefined ? this.#upstream : upstreamOf(await this.#options.upstream);
    const server = await connectUpstream(upstream).catch((cause: unknown) => {
      const message = `the proxy cannot reach the server at ${upstream.address}: ${reasonOf(cause)}`;
      throw new ConnectFailure('server-unreachable', '08006', new Error(message, { cause }));
    });
    this.#track(server);
    return server;
  }

  #refuse(client: Socket, error: unknown): void {
    const failure =
      error instanceof ProtocolViolation ? new ConnectFailure(`${error.party}-protocol`, '08P01', error) : error;
    if (!(failure instanceof ConnectFailure)) throw failure;
    const { kind, code, message, cause } = failure;
    this.#around.report({ kind, message, cause });
    endWith(client, { severity: 'FATAL', code, message });
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    // An error is followed by 'close', which says enough.
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
    if (this.#closing !== null) socket.destroy();
  }
}

/** Why a client gets no connection, and with which SQLSTATE. */
class ConnectFailure extends Error {
  readonly kind: ProblemKind;
  readonly code: string;

  constructor(kind: ProblemKind, code: string, cause: unknown) {
    super(reasonOf(cause), { cause });
    this.kind = kind;
    this.code = code;
  }
}

function tunnel(client: Socket, server: Socket): void {
  client.pipe(server).once('close', () => client.destroy());
  server.pipe(client).once('close', () => server.destroy());
}

function endWith(client: Socket, error: WireError): void {
  if (client.writable) client.write(writeError(error));
  client.destroySoon();
}

/** The next packet of a client that has not started; null when it has closed the connection. Throws `ProtocolViolation`. */
async function nextOpening(socket: Socket): Promise<OpeningPacket | null> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const found = readOpening(bytes);
    if (found !== null) {
      const rest = bytes.subarray(found.length);
      if (rest.length > 0) socket.unshift(rest);
      return found.opening;
    }
    const chunk = await nextChunk(socket);
    if (chunk === null) return null;
    bytes = Buffer.concat([bytes, chunk]);
  }
}

function nextChunk(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const look = () => {
      const chunk = socket.read() as Buffer | null;
      if (chunk !== null || socket.readableEnded || socket.destroyed) done(chunk);
    };
    const ended = () => done(null);
    const done = (chunk: Buffer | null) => {
      socket.off('readable', look).off('end', ended).off('close', ended);
      resolve(chunk);
    };
    socket.on('readable', look).on('end', ended).on('close', ended);
    look();
  });
}

function reasonOf(error: unknown): string {
  // One error for each address of a name; the first says as much as all.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && first.message !== '' ? first.message : String(first);
}
