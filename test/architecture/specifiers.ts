/** Every module that a TypeScript file names, whichever way it names it. */
import { parseAst } from 'vitest/node';

export interface Specifier {
  /** Null where the name is computed. */
  readonly specifier: string | null;
  readonly line: number;
}

/** In the order of the text. Throws where the text does not parse. */
export function specifiersOf(path: string, text: string): readonly Specifier[] {
  const program: unknown = parseAst(text, { lang: 'ts' }, path);
  const found = [...referenceDirectives(text), ...named(program)];
  return found
    .toSorted((a, b) => a.start - b.start)
    .map(({ specifier, start }) => ({ specifier, line: text.slice(0, start).split('\n').length }));
}

interface Found {
  readonly specifier: string | null;
  readonly start: number;
}

type Node = Readonly<Record<string, unknown>>;

function named(value: unknown): readonly Found[] {
  if (Array.isArray(value)) return value.flatMap(named);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  const name = nameIn(node);
  const here = name === undefined ? [] : [{ specifier: literal(name), start: Number(node['start']) }];
  return [...here, ...Object.values(node).flatMap(named)];
}

/** The node that holds the name, if this node names a module. */
function nameIn(node: Node): unknown {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportAllDeclaration':
    case 'TSImportType':
      return node['source'];
    case 'ExportNamedDeclaration':
      return node['source'] ?? undefined;
    case 'TSExternalModuleReference':
      return node['expression'];
    case 'CallExpression': {
      const callee = node['callee'] as Node;
      return callee['name'] === 'require' ? ((node['arguments'] as readonly unknown[])[0] ?? null) : undefined;
    }
    default:
      return undefined;
  }
}

function literal(name: unknown): string | null {
  const value = (name as Node | null)?.['value'];
  return typeof value === 'string' ? value : null;
}

/** `/// <reference types="node" />` names a module as well, in a comment. */
function referenceDirectives(text: string): readonly Found[] {
  return [...text.matchAll(/^\/\/\/\s*<reference\s+(types|path)\s*=\s*["']([^"']+)["']/gm)].map((match) => {
    const [, kind, name = ''] = match;
    const specifier = kind === 'path' && !name.startsWith('.') ? `./${name}` : name;
    return { specifier, start: match.index };
  });
}
