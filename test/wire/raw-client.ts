/** A client that sends whatever bytes a test wants, and reads messages. */
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { Framer, type Message } from '../../src/wire/framing.ts';
import { SERVER } from '../../src/wire/server-messages.ts';

export class RawClient {
  readonly socket: Socket;
  readonly #framer = new Framer(SERVER, 'server');
  readonly #messages: Message[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#messages.push(...this.#framer.push(chunk));
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  /** Connected over TCP only. */
  static async connect(url: string): Promise<RawClient> {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once('connect', resolve));
    return new RawClient(socket);
  }

  /** Connected and accepted by the server, in whatever way it authenticates: pg does that, and hands its socket over. */
  static async login(url: string): Promise<RawClient> {
    const client = new pg.Client(url) as pg.Client & { readonly connection: { readonly stream: Socket } };
    await client.connect();
    const socket = client.connection.stream.removeAllListeners();
    onTestFinished(() => void socket.destroy());
    return new RawClient(socket);
  }

  send(...messages: readonly Uint8Array[]): void {
    for (const message of messages) this.socket.write(message);
  }

  /** The types of the messages up to the first of this type, or up to the end of the connection, which is shown as `.`. */
  async until(type: string): Promise<string> {
    return (await this.messagesUntil(type)).map((message) => message?.type ?? '.').join('');
  }

  async messagesUntil(type: string): Promise<readonly (Message | null)[]> {
    for (;;) {
      const end = this.#messages.findIndex((message) => message.type === type);
      if (end !== -1) return this.#messages.splice(0, end + 1);
      if (this.socket.destroyed || this.socket.readableEnded) return [...this.#messages.splice(0), null];
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
