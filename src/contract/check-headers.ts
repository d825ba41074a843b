/** Header names and values: what HTTP can carry, what the dialect and the contract ask of them. */
import { fitsSchema } from '../schema/check.ts';
import { coerce } from '../schema/coerce.ts';
import { locate } from '../schema/refs.ts';
import type { Schema } from '../schema/schema.ts';
import { partsOf, typesOf } from '../schema/shape.ts';
import { quote } from '../diagnostic/quote.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { schemaOf } from '../schema/types.ts';
import { visibleLine } from '../diagnostic/visible.ts';
import type { Checking } from './checking.ts';
import type { CaseSpec, Field, HeaderValues, Operation } from './contract.ts';
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

export function checkCaseHeaders(checking: Checking, spec: CaseSpec, operation: Operation | null): void {
  if (spec.headers.size === 0) return;
  checkHeaders(checking, spec.headers, `${spec.pointer}/headers`);
  const isNegativeCase = isNegative(spec);
  if (!isNegativeCase) checkDialectHeaders(checking, spec.headers, `${spec.pointer}/headers`);
  checkDeclaredHeaders(checking, spec, operation, isNegativeCase);
  if (!isNegativeCase) checkBodyHeaders(checking, spec, operation);
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
    }
  }
}

/** What contract and method say of the headers of a request: which, of which type. */
function checkDeclaredHeaders(
  checking: Checking,
  spec: CaseSpec,
  operation: Operation | null,
  isNegativeCase: boolean,
): void {
  const declared = [...checking.contract.requestHeaders.values(), ...(operation?.request.headers.values() ?? [])];
  if (declared.length === 0) return;
  for (const [name, value] of spec.headers) {
    const at = `${spec.pointer}/headers/${escapeSegment(name)}`;
    for (const field of declared) {
      if (!isSameHeader(field.name, name)) continue;
      // What is no text by its type may be written as what it is.
      if (typeof value === 'string' && typeof field.type !== 'boolean' && !takesText(field.type))
        checking.withdraw('contract/text-from-number', at);
      if (!isNegativeCase) checkDeclaredHeader(checking, field, value, at);
    }
  }
}

function takesText(type: Schema): boolean {
  const types = typesOf(partsOf(locate(type), type.scope));
  return types === null || types.includes('string');
}

function checkDeclaredHeader(
  checking: Checking,
  field: Field,
  value: string | readonly string[] | null,
  at: string,
): void {
  if (value === null) {
    if (field.required && field.type !== false)
      checking.error('missing-header', at, `the contract demands \`${field.name}\`, and the case leaves it out`, {
        part: 'name',
        fix: 'drop the line, or expect the refusal: `expect: 400`',
        see: 'methods',
      });
  } else if (field.type === false) {
    checking.error('forbidden-header', at, `\`${field.name}\` must not be there`, {
      part: 'name',
      fix: 'drop it, or expect the refusal: `expect: 400`',
      see: 'notation',
    });
  } else if (field.type !== true && typeof value === 'string' && !value.includes('${')) {
    const read = coerce(field.type, value);
    const problem = 'problem' in read ? read.problem : read.lenient[0];
    if (problem === undefined && 'value' in read) {
      checking.values.check(field.type, read.value, at, { code: 'header-type', see: 'methods' });
    } else if (problem !== undefined) {
      checking.error('header-type', at, `\`${field.name}\` must be ${problem.expected}, not ${problem.actual}`, {
        fix: 'correct it, or expect the refusal: `expect: 400`',
        see: 'methods',
      });
    }
  }
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i;
/** Media ranges that JSON answers. */
const TAKES_JSON = /(?:^|,)\s*(?:\*\/\*|application\/\*|application\/json)\s*(?:;|,|$)/i;

/** A body that is sent as JSON is said to be JSON; what is answered is JSON. */
function checkBodyHeaders(checking: Checking, spec: CaseSpec, operation: Operation | null): void {
  const sendsBody = profileOf(spec.method).sends !== 'none' && operation?.request.body !== false;
  for (const [name, value] of spec.headers) {
    const at = `${spec.pointer}/headers/${escapeSegment(name)}`;
    const text = typeof value === 'string' ? value : null;
    if (text?.includes('${') === true || Array.isArray(value)) continue;
    if (sendsBody && isSameHeader(name, HEADERS.contentType) && (text === null || !JSON_TYPE.test(text.trim()))) {
      checking.error(
        'content-type',
        at,
        `the body is JSON, and the case says ${text === null ? 'nothing of it' : quote(text)}`,
        {
          fix: 'drop the line: `application/json` is sent by itself; or expect the refusal: `expect: 415`',
          see: 'methods',
        },
      );
    } else if (isSameHeader(name, HEADERS.accept) && text !== null && !TAKES_JSON.test(text)) {
      checking.error('accept', at, `answers are JSON, which ${quote(text)} does not take`, {
        fix: 'drop the line: `application/json` is sent by itself; or expect the refusal: `expect: 406`',
        see: 'methods',
      });
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
