/** The server behind the proxy: where it is, and connections to it. */
import { connect as connectTcp, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { parse } from 'pg-connection-string';

export interface Upstream {
  /** `host:port`, or the path of the socket; for messages. */
  readonly address: string;
  readonly target: NetConnectOpts;
  /** Null where the connection is plain. */
  readonly tls: ConnectionOptions | null;
}

const PORT = 5432;
const REQUEST_TLS = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Reads `postgres://user:password@host:port/database`, with a folder for sockets as `?host=/folder`, as the driver does. */
export function upstreamOf(url: string): Upstream {
  const { host, port, ssl } = parse(url);
  const number = Number(port ?? '') || PORT;
  const server = host === null || host === '' ? 'localhost' : host;
  if (server.startsWith('/')) {
    const path = `${server}/.s.PGSQL.${number}`;
    return { address: path, target: { path }, tls: null };
  }
  const tls = ssl === undefined || ssl === false || ssl === 'false' ? null : typeof ssl === 'object' ? { ...ssl } : {};
  // Server names are for hosts with a name only.
  const named = tls === null || /^[\d.]+$|:/.test(server) ? tls : { servername: server, ...tls };
  return {
    address: `${server}:${number}`,
    target: { host: server, port: number },
    tls: named as ConnectionOptions | null,
  };
}

/** A connection that is up, TLS included. Rejects with an error whose message says why there is none. */
export async function connectUpstream({ target, tls }: Upstream): Promise<Socket> {
  const socket = connectTcp({ ...target, noDelay: true } as NetConnectOpts);
  try {
    await once(socket, 'connect');
    if (tls === null) return socket;
    socket.write(REQUEST_TLS);
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve).once('close', () => reject(new Error('it closed the connection')));
    });
    socket.pause();
    if (answer.toString('latin1') !== 'S') throw new Error('it offers no TLS, which the URL asks for');
    const encrypted = connectTls({ ...tls, socket });
    await once(encrypted, 'secureConnect');
    return encrypted;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function once(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays: a later error is followed by 'close', to which the connection reacts.
    socket.on('error', reject).once('close', () => reject(new Error('it closed the connection')));
    socket.once(event, () => resolve());
  });
}
