/** A reader of XML for tests that refuses what a strict parser refuses: forbidden characters, bad nesting, bare `&` and `<`. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const TOKEN =
  /<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\/(?<close>[\w.-]+)\s*>|<(?<open>[\w.-]+)(?<attributes>(?:\s+[\w.:-]+\s*=\s*"[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*"([^"<]*)"/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The root element. Throws for a document that is not well-formed. */
export function readXml(document: string): Element {
  // oxlint-disable-next-line no-control-regex
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.exec(document);
  if (forbidden !== null) throw new Error(`forbidden character at ${forbidden.index}`);
  const body = document.replace(/^<\?xml[^?]*\?>\s*/, '');
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < body.length) {
    const position = TOKEN.lastIndex;
    const { cdata, close, open, attributes, empty, text } = TOKEN.exec(body)?.groups ?? {};
    const current = stack.at(-1);
    if (current === undefined) throw new Error(`content after the root at ${position}`);
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += unescaped(text);
    else if (close !== undefined) {
      if (stack.pop()?.name !== close) throw new Error(`</${close}> closes another element at ${position}`);
    } else if (open !== undefined) {
      const element: Open = { name: open, attributes: readAttributes(attributes ?? ''), children: [], text: '' };
      current.children.push(element);
      if (empty === undefined) stack.push(element);
    } else throw new Error(`not XML at ${position}: ${body.slice(position, position + 40)}`);
  }
  const [root] = top.children;
  if (stack.length !== 1 || root === undefined || top.children.length !== 1)
    throw new Error('not one whole root element');
  return root;
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (name in attributes) throw new Error(`attribute ${name} stands twice`);
    attributes[name] = unescaped(value);
  }
  return attributes;
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;\s]*;?)/g, (whole, entity: string) => {
    const known = entity.endsWith(';') ? ENTITIES[entity.slice(0, -1)] : undefined;
    const code = /^#(?:x([\da-fA-F]+)|(\d+));$/.exec(entity);
    if (known !== undefined) return known;
    if (code === null) throw new Error(`bare & in '${whole}'`);
    return String.fromCodePoint(code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16));
  });
}
