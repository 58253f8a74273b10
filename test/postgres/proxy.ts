/** Something between a run and its server that can fail as a network does. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Proxy {
  /** What to connect to instead. */
  readonly url: string;
  /** How many messages were passed on to the server. */
  readonly passed: () => number;
  /** Passes on nothing more of what is asked. */
  readonly fallSilent: () => void;
}

/** After so many messages it breaks off and is gone; in any case when the test has finished. */
export async function proxyTo(url: string, messages = Number.POSITIVE_INFINITY): Promise<Proxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let passed = 0;
  let silent = false;
  const breakOff = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('data', (data) => {
      if (!silent) upstream.write(data);
      if (++passed >= messages) breakOff();
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(breakOff);
  const throughIt = new URL(url);
  throughIt.searchParams.delete('host');
  throughIt.port = String((server.address() as AddressInfo).port);
  return { url: throughIt.href, passed: () => passed, fallSilent: () => void (silent = true) };
}
