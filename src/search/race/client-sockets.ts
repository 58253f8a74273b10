/** Sockets that code in this process opens: those to a proxy are followed, all others are foreign to a race. */
import { Socket } from 'node:net';
import { currentActor } from './actor.ts';
import { RaceFault } from './fault.ts';

/** By the port of each proxy, the open sockets of clients in this process. */
const followed = new Map<number, Set<Socket>>();

/** Follows the sockets that code in this process connects to a port of the loopback interface. Ends with `stop`. */
export function followSockets(port: number): { readonly sockets: ReadonlySet<Socket>; readonly stop: () => void } {
  const sockets = new Set<Socket>();
  followed.set(port, sockets);
  const unwatch = watchConnections();
  const stop = (): void => {
    followed.delete(port);
    unwatch();
  };
  return { sockets, stop };
}

let watchers = 0;
let connect: typeof Socket.prototype.connect | null = null;

/**
 * Accuses every call whose code opens a connection to anything but a proxy. Every driver comes by `Socket.connect`. Returns
 * how to stop watching.
 */
export function watchConnections(): () => void {
  if (watchers++ === 0) {
    // oxlint-disable-next-line typescript/unbound-method -- it is given its socket below
    const original = Socket.prototype.connect;
    connect = original;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
      const sockets = followed.get(portIn(args) ?? 0);
      if (sockets === undefined) accuse();
      else follow(this, sockets);
      return Reflect.apply(original, this, args) as Socket;
    };
  }
  let stopped = false;
  return () => {
    if (!stopped && --watchers === 0 && connect !== null) Socket.prototype.connect = connect;
    stopped = true;
  };
}

function follow(socket: Socket, sockets: Set<Socket>): void {
  // The code of a call that has crashed reaches nothing.
  if (currentActor()?.abandoned === true) socket.destroy();
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

/** The port of `connect(port, host)`, `connect({ port, host })`, or of the list that `net.connect` makes of them. */
function portIn(args: readonly unknown[]): number | null {
  const [first] = args;
  if (Array.isArray(first)) return portIn(first);
  const port = typeof first === 'object' && first !== null ? (Reflect.get(first, 'port') as unknown) : first;
  return typeof port === 'number' || (typeof port === 'string' && /^\d+$/.test(port)) ? Number(port) : null;
}

function accuse(): void {
  const actor = currentActor();
  actor?.accuse(
    new RaceFault('foreign-connection', {
      call: actor.name,
      statement: actor.last,
      says: `opened a connection of its own, which the explorer cannot put in order${actor.last === null ? '' : ', after'}`,
      fix: 'connect to the url that the service receives; put access to anything else into a step of its own: step(label, fn)',
    }),
  );
}
