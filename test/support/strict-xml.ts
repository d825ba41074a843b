/**
 * A strict reader for XML 1.0 documents of elements, attributes, text and CDATA: what JUnit files are made of. Anything
 * else, and every character that production 2 forbids, is an error.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

export function parseXml(source: string): XmlElement {
  const forbidden = FORBIDDEN.exec(source);
  if (forbidden !== null)
    throw new Error(`forbidden character U+${forbidden[0].codePointAt(0)?.toString(16)} at ${forbidden.index}`);
  const reader = new Reader(source);
  reader.take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y, 'declaration');
  const root = reader.element();
  reader.take(/\s*$/y, 'end of document');
  return root;
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  take(pattern: RegExp, what: string): RegExpExecArray {
    const match = this.#match(pattern);
    if (match === null)
      throw new Error(`expected ${what} at ${this.#at}: ${this.#source.slice(this.#at, this.#at + 60)}`);
    return match;
  }

  element(): XmlElement {
    const name = this.take(/<([A-Za-z][\w.-]*)/y, 'start tag')[1] ?? '';
    const attributes = new Map<string, string>();
    for (
      let match = this.#match(/\s+([A-Za-z][\w.-]*)="([^"<]*)"/y);
      match !== null;
      match = this.#match(/\s+([A-Za-z][\w.-]*)="([^"<]*)"/y)
    ) {
      const attribute = match[1] ?? '';
      if (attributes.has(attribute)) throw new Error(`attribute ${attribute} twice in ${name}`);
      attributes.set(attribute, unescape(match[2] ?? ''));
    }
    if (this.take(/\s*\/?>/y, 'end of tag')[0].includes('/')) return { name, attributes, children: [], text: '' };

    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      const cdata = this.#match(/<!\[CDATA\[([^]*?)\]\]>/y);
      const plain = cdata === null ? this.#match(/[^<]+/y) : null;
      if (cdata !== null) text += cdata[1] ?? '';
      else if (plain !== null) text += unescape(plain[0]);
      else if (this.#match(new RegExp(`</${name}\\s*>`, 'y')) !== null) return { name, attributes, children, text };
      else children.push(this.element());
    }
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

function unescape(text: string): string {
  if (text.includes(']]>')) throw new Error('`]]>` outside of CDATA');
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const code = /^#(\d+)$/.exec(name)?.[1];
    const char = code === undefined ? NAMED.get(name) : String.fromCodePoint(Number(code));
    if (char === undefined || !whole.endsWith(';')) throw new Error(`bad reference ${whole}`);
    return char;
  });
}
