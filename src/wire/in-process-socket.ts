/** A connection within this process, with the interface of a TCP socket as far as the proxy and node-postgres use it. */
import { Duplex } from 'node:stream';

/**
 * One end. The other end reads what it writes in the next tick, without a turn of the event loop and without a system call:
 * over TCP, a step of a race takes twice as long.
 */
export class InProcessSocket extends Duplex {
  readonly remotePort = undefined;
  bytesRead = 0;
  bytesWritten = 0;
  #other: InProcessSocket | null = null;
  /** Written, and not read yet. */
  #chunks: Buffer[] = [];
  readonly #accept: ((server: InProcessSocket) => void) | null;
  readonly #outside: (work: () => void) => void;

  /**
   * The client's end: when it connects, `accept` receives the server's end. What the server does about it runs in `outside`,
   * so that it can leave the asynchronous context of the client.
   */
  constructor(
    accept: ((server: InProcessSocket) => void) | null = null,
    outside: (work: () => void) => void = (work) => work(),
  ) {
    super({ allowHalfOpen: false });
    this.#accept = accept;
    this.#outside = outside;
  }

  get other(): InProcessSocket | null {
    return this.#other;
  }

  connect(): this {
    const server = new InProcessSocket();
    server.#other = this;
    this.#other = server;
    process.nextTick(() => {
      this.#outside(() => this.#accept?.(server));
      this.emit('connect');
    });
    return this;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    this.#deliver([chunk]);
    done();
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#deliver(chunks.map(({ chunk }) => chunk));
    done();
  }

  override _read(): void {
    // The other end pushes.
  }

  override _final(done: (error?: Error) => void): void {
    process.nextTick(() => this.#outside(() => this.#endOther()));
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // The other end reads what was written before.
    process.nextTick(() => this.#outside(() => this.#endOther()));
    done(error);
  }

  resetAndDestroy(): this {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    this.#other?.destroy(error);
    return this.destroy();
  }

  /** Closes when everything was written. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #deliver(chunks: readonly Buffer[]): void {
    for (const { length } of chunks) this.bytesWritten += length;
    if (this.#chunks.length === 0) process.nextTick(() => this.#outside(() => this.#pass()));
    this.#chunks.push(...chunks);
  }

  #pass(): void {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [];
    const other = this.#other;
    if (other === null || other.destroyed) return;
    other.bytesRead += bytes.length;
    other.push(bytes);
  }

  #endOther(): void {
    const other = this.#other;
    if (other !== null && !other.destroyed && !other.readableEnded) other.push(null);
  }
}
