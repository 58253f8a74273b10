/**
 * A small process that outlives ours and removes what we started, should we be killed. It holds the other end of a pipe;
 * however our process ends, that pipe ends too.
 */
import { spawn } from 'node:child_process';

export interface Guardian {
  /** Lets it go. It first removes what is left; resolves when it has ended. */
  dismiss(): Promise<void>;
}

/**
 * Watches over a server of our own: its `root` folder is removed, and the server whose data are in `root/data` stopped.
 * Watched before it is made, the folder is at no moment without somebody to remove it.
 */
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
  const over = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // Without it a run is not protected against SIGKILL, and works all the same.
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return {
    dismiss() {
      child.ref();
      child.stdin.end();
      return over;
    },
  };
}

/**
 * Goes on until the folder is gone and stays gone, because we may have been killed while the server was being set up, and
 * then its process id appears later. It wakes the server, should somebody have stopped it, and asks politely (SIGINT:
 * disconnect everyone and stop). After 2 s, and at once where there is no server to ask yet, it ends whatever of Postgres
 * works in the folder: each process of a server leads a group of its own, so a signal to the group of one misses the others.
 */
const STOP_SERVER = `
const fs = require('node:fs');
const { execFileSync } = require('node:child_process');
const root = process.argv[1];
let real = root;
const serverOf = () => { try { return Number(fs.readFileSync(root + '/data/postmaster.pid', 'utf8').split('\\n')[0]); } catch { return 0; } };
const isAlive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
const signal = (pid, name) => { try { process.kill(pid, name); } catch {} };
const worksHere = (pid) => {
  try {
    const folder = fs.readlinkSync('/proc/' + pid + '/cwd') + '/';
    return folder.startsWith(real + '/') && /^(postgres|initdb)$/m.test(fs.readFileSync('/proc/' + pid + '/comm', 'utf8'));
  } catch { return false; }
};
const childrenOf = (server) => {
  try {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\\n');
    return rows.map((row) => row.trim().split(/ +/).map(Number)).filter(([, parent]) => parent === server).map(([pid]) => pid);
  } catch { return []; }
};
const processes = (server) => {
  const known = server > 0 && isAlive(server) ? [server] : [];
  if (process.platform === 'linux') return known.concat(fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map(Number).filter(worksHere));
  return known.length > 0 ? known.concat(childrenOf(server)) : [];
};
let ticks = 0, gone = 0, server = 0;
const tick = () => {
  const pid = serverOf();
  const found = pid > 0 && pid !== server;
  if (found) { server = pid; ticks = 0; }
  const left = processes(server);
  if (found) { for (const each of left) signal(each, 'SIGCONT'); signal(server, 'SIGINT'); }
  if (server === 0 || ticks >= 40) for (const each of left) signal(each, 'SIGKILL');
  if (left.length === 0) {
    try { fs.rmSync(root, { recursive: true, force: true }); } catch {}
    gone = fs.existsSync(root) ? 0 : gone + 1;
  }
  if (gone < 20 && ++ticks < 400) setTimeout(tick, 50);
};
process.stdin.on('end', () => { if (fs.existsSync(root)) { real = fs.realpathSync(root); tick(); } });
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
