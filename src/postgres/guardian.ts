/**
 * A small process that outlives ours and removes what we started, should we be killed. It holds the other end of a pipe;
 * however our process ends, that pipe ends too.
 */
import { spawn } from 'node:child_process';

export interface Guardian {
  /** Lets it go, once there is nothing left to remove. */
  dismiss(): void;
}

/** Watches over a server of our own: its `root` folder is removed, and the server whose data are in `root/data` stopped. */
export function guardServer(root: string): Guardian {
  return guard(STOP_SERVER, [root]);
}

/** Watches over every container that carries `label`, also one that is made later, through the Docker engine's unix socket. */
export function guardContainers(socket: string, label: string): Guardian {
  return guard(REMOVE_CONTAINERS, [socket, label]);
}

function guard(script: string, args: readonly string[]): Guardian {
  const child = spawn(process.execPath, ['-e', script, '--', ...args], {
    // Out of our process group, so that a Ctrl-C in the terminal does not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  // Without it a run is not protected against SIGKILL, and works all the same.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return { dismiss: () => child.stdin.end() };
}

/**
 * Goes on until the folder is gone and stays gone, because we may have been killed while the server was being set up, and
 * then its process id appears later. It asks politely at first (SIGINT: disconnect everyone and stop), and insists after 3 s.
 */
const STOP_SERVER = `
const fs = require('node:fs');
const root = process.argv[1];
const serverOf = () => { try { return Number(fs.readFileSync(root + '/data/postmaster.pid', 'utf8').split('\\n')[0]); } catch { return 0; } };
const isAlive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
const signal = (pid, name) => { try { process.kill(pid, name); } catch {} };
let ticks = 0, gone = 0, server = 0;
const tick = () => {
  const pid = serverOf();
  if (pid > 0 && pid !== server) { server = pid; ticks = 0; signal(server, 'SIGINT'); }
  if (server > 0 && isAlive(server)) {
    if (ticks === 60) signal(server, 'SIGQUIT');
    if (ticks === 120) signal(server, 'SIGKILL');
  } else {
    try { fs.rmSync(root, { recursive: true, force: true }); } catch {}
    gone = fs.existsSync(root) ? 0 : gone + 1;
  }
  if (gone < 20 && ++ticks < 400) setTimeout(tick, 50);
};
process.stdin.on('end', () => { if (fs.existsSync(root)) tick(); });
process.stdin.resume();
`;

/** Looks several times, because we may have been killed while the engine was still making one. */
const REMOVE_CONTAINERS = `
const http = require('node:http');
const [, socketPath, label] = process.argv;
const ask = (method, path, then) => {
  const request = http.request({ socketPath, method, path: path }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    response.on('end', () => then(text));
  });
  request.on('error', () => {});
  request.end();
};
const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
const look = (times) => ask('GET', '/containers/json?all=1&filters=' + filters, (text) => {
  let found = [];
  try { found = JSON.parse(text); } catch {}
  for (const { Id } of found) ask('DELETE', '/containers/' + Id + '?force=1&v=1', () => {});
  if (times > 1) setTimeout(look, 500, times - 1);
});
process.stdin.on('end', () => look(6));
process.stdin.resume();
`;
