/** Header names and values: what HTTP can carry, what the dialect and the contract ask of them. */
import { fitsSchema } from '../schema/check.ts';
import { quote } from '../diagnostic/quote.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { schemaOf } from '../schema/types.ts';
import { visibleLine } from '../diagnostic/visible.ts';
import type { Checking } from './checking.ts';
import type { CaseSpec, HeaderValues } from './contract.ts';
import { isNegative } from './negative.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What the transport writes by itself, or cannot send; names in lower case. */
const FRAMING: ReadonlyMap<string, string> = new Map([
  ['transfer-encoding', "the framing of the body is the transport's"],
  ['content-length', 'the length of the body is counted, not written'],
  ['expect', 'the client does not wait for `100 Continue`'],
  ['connection', "the connection is the transport's"],
  ['upgrade', 'the protocol is not changed'],
  ['keep-alive', "the connection is the transport's"],
]);

export function checkContractHeaders(checking: Checking): void {
  checkHeaders(checking, checking.contract.headers, '/headers');
  checkNoMethodHeader(checking, checking.contract.headers, '/headers');
  checkDialectHeaders(checking, checking.contract.headers, '/headers');
}

/** Headers of every request cannot name a method: each request that means another would become it, or be refused. */
export function checkNoMethodHeader(
  checking: { error: Checking['error'] },
  headers: HeaderValues,
  pointer: string,
): void {
  for (const [name, value] of headers) {
    if (value === null || !isSameHeader(name, HEADERS.method)) continue;
    checking.error(
      'method-header-for-all',
      `${pointer}/${escapeSegment(name)}`,
      `\`${name}\` would name one method for every request`,
      {
        part: 'name',
        fix: 'drop it: each request brings its own; a case that must contradict writes it in its `headers`',
        see: 'methods',
      },
    );
  }
}

export function checkCaseHeaders(checking: Checking, spec: CaseSpec): void {
  if (spec.headers.size === 0) return;
  checkHeaders(checking, spec.headers, `${spec.pointer}/headers`);
  if (isNegative(spec)) return;
  checkDialectHeaders(checking, spec.headers, `${spec.pointer}/headers`);
}

export function checkHeaders(checking: { error: Checking['error'] }, headers: HeaderValues, pointer: string): void {
  const names = new Map<string, string>();
  for (const [name, value] of headers) {
    const at = `${pointer}/${escapeSegment(name)}`;
    const lower = name.toLowerCase();
    if (!TOKEN.test(name)) {
      checking.error('header-name', at, `${quote(name)} is no header name`, {
        part: 'name',
        fix: 'write letters, digits and `-`',
        see: 'cases',
      });
      continue;
    }
    const first = names.get(lower);
    if (first !== undefined) {
      checking.error('header-twice', at, `\`${name}\` stands twice; names are compared without case`, {
        part: 'name',
        fix: `to send it several times write a list: \`${name}: [a, b]\``,
        see: 'cases',
        related: [{ pointer: first, part: 'name', message: 'the first' }],
      });
    }
    names.set(lower, at);
    const framing = value === null ? undefined : FRAMING.get(lower);
    if (framing !== undefined)
      checking.error('header-refused', at, `\`${name}\` cannot be sent: ${framing}`, {
        part: 'name',
        fix: 'drop it',
        see: 'cases',
      });
    if (Array.isArray(value))
      (value as readonly string[]).forEach((text, index) => checkValue(checking, text, `${at}/${index}`));
    else if (typeof value === 'string') checkValue(checking, value, at);
  }
}

function checkValue(checking: { error: Checking['error'] }, text: string, pointer: string): void {
  // oxlint-disable-next-line no-control-regex -- a tab is the one control code that a header may hold
  const bad = /[^\t\x20-\x7e\x80-\xff]/.exec(text);
  if (bad !== null) {
    const point = bad[0].codePointAt(0) ?? 0;
    const name =
      point === 10 || point === 13
        ? 'a line break'
        : point === 0
          ? 'NUL'
          : visibleLine(String.fromCodePoint(text.codePointAt(bad.index) ?? 0));
    const hex = (text.codePointAt(bad.index) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    checking.error(
      'header-value',
      pointer,
      `a header value cannot carry ${name} (U+${hex}) at character ${bad.index + 1}`,
      {
        fix:
          point > 255
            ? 'write Latin-1 characters, or encode the text as the receiver decodes it'
            : 'write it on one line, without control characters',
        see: 'cases',
      },
    );
  } else if (/^[ \t]|[ \t]$/.test(text)) {
    checking.error('header-value', pointer, 'HTTP drops spaces at the ends of a header value', {
      fix: 'drop them',
      see: 'cases',
    });
  }
}

/** `LinkedIn-Version: 2024-01` never reaches a service that understands it. */
function checkDialectHeaders(checking: Checking, headers: HeaderValues, pointer: string): void {
  for (const [name, value] of headers) {
    if (typeof value !== 'string' || value.includes('${')) continue;
    const at = `${pointer}/${escapeSegment(name)}`;
    const asked = checking.dialect.headers.find((header) => header.name.toLowerCase() === name.toLowerCase());
    if (asked !== undefined && !fitsSchema(schemaOf(asked.schema, EMPTY), value)) {
      checking.error(
        'header-type',
        at,
        `\`${name}\` of the dialect ${checking.dialect.name} does not look like ${quote(value)}`,
        {
          fix: versionFix(value) ?? 'write it as the dialect asks',
          see: 'config',
        },
      );
      continue;
    }
    const field = checking.contract.requestHeaders.get(name);
    if (field !== undefined && typeof field.type !== 'boolean') {
      checking.values.check(field.type, value, at, { code: 'header-type', see: 'methods' });
    }
  }
}
const EMPTY = { types: new Map(), files: new Map() };

/** `2024-01` and `2024.01` for `202401`. */
function versionFix(value: string): string | null {
  const [, year, month] = /^(20\d\d)\D(\d\d)(?:\D\d\d)?$/.exec(value) ?? [];
  return year === undefined || month === undefined
    ? null
    : `write \`"${year}${month}"\`: year and month without a dash`;
}
