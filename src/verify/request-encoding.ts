/**
 * How the request line is written: the mistakes that clients make by hand or by their HTTP library, each told by name
 * and with the text as it should be. Looks at bytes; what they mean is read elsewhere.
 */
import { percentDecode } from '../protocol/encoding.ts';
import type { ProtocolVersion } from '../protocol/dialects.ts';
import { isMaskParameter, partsOf } from '../protocol/query.ts';
import { decoded, escapeOf, escapeUrns, newFormOf, structureOf } from './corrected.ts';
import type { Findings } from './findings.ts';
import type { Fits } from './fits-as-written.ts';

/** Parts of a request line, raw. */
export interface Line {
  readonly path: string;
  /** Where the resource's own path begins, after the base. */
  readonly start: number;
  readonly query: string | null;
  readonly protocol: ProtocolVersion;
  /** Names of parameters that are lists or records in 2.0, beside `ids`; whether a repeated or dotted name is 1.0. */
  readonly structured: ReadonlySet<string>;
  /** Whether what is written has its declared type as it stands: then what looks like structure is a value. */
  readonly fits: Fits;
}

/** An escaped escape: `%253A`. */
const TWICE = /%25[0-9A-Fa-f]{2}/;
/** `List%28`, `%28a%3A`: structure that was escaped as a whole. */
const ESCAPED_START = /^(?:List%28|%28)/i;
/** An escaped separator between items that structure can only have: before a URN, a record or a list. */
const ESCAPED_SEPARATOR = /%2C(?:urn(?:%3A|:)|\(|%28|List)/i;
const RAW_URN = /(?:^|[(,:])urn:[A-Za-z]/;
const QUOTES = /(?:^|[(,:])%27%27(?:$|[),])/;
/** `ids[0]`, `x.y[1].z` */
const INDEXED = /\[\d+\]/;
const DOTTED = /^[^.[\]]+(?:\.[^.[\]]+)+(?:\[\d+\])?$/;

/** Judges path and query as written. True where the text is broken in a way that was told here. */
export function checkEncoding(findings: Findings, line: Line): boolean {
  findings.checks += 1;
  const before = findings.violations.length;
  if (line.protocol === '1.0.0') checkOldSyntax(findings, line);
  else {
    checkPath(findings, line);
    checkQuery(findings, line);
  }
  // What is only advice breaks no text: types go on being judged.
  return findings.violations.slice(before).some(({ level }) => level === 'must');
}

function checkPath(findings: Findings, { path, start, fits }: Line): void {
  for (const segment of path.slice(start).split('/')) {
    if (/^urn:/i.test(segment)) {
      const right = segment.replace(/[():,]/g, escapeOf);
      findings.add('encoding/raw-urn-in-path', {
        where: 'request-line',
        expected: path.replace(segment, right),
        actual: path,
        message: `The URN ${segment} stands in the path with raw colons.`,
        hint: `Write \`${right}\`.`,
      });
    } else if (segment.startsWith('(') && RAW_URN.test(segment) && fits(null) !== true) {
      findings.add('encoding/raw-delimiter-in-value', {
        where: 'request-line',
        expected: escapeUrns(segment),
        actual: segment,
        message: 'A URN inside a key has raw colons, which are read as structure.',
        hint: `Write \`${escapeUrns(segment)}\`.`,
      });
    } else if (ESCAPED_START.test(segment) && /%3A/i.test(segment)) {
      findings.add('encoding/structure-escaped', {
        where: 'request-line',
        expected: structureOf(segment),
        actual: segment,
        message: 'The structure of the key is percent-encoded, so that it is one plain text.',
        hint: `Write \`${structureOf(segment)}\`: structure raw, values escaped.`,
        // A simple key may be a text that looks like a record.
        level: 'should',
      });
    }
    if (TWICE.test(segment)) reportTwice(findings, segment);
  }
}

function checkQuery(findings: Findings, { query, structured, fits }: Line): void {
  const seen = new Set<string>();
  for (const { name, value } of partsOf(query ?? '')) {
    if (isMaskParameter(name)) {
      checkMask(findings, name, value);
      continue;
    }
    if (INDEXED.test(name) || (DOTTED.test(name) && structured.has(name.slice(0, name.indexOf('.'))))) {
      if (!seen.has('1.0'))
        reportOld(findings, `${name}=${value}`, newFormOf(query ?? '', name.replace(/[.[].*$/, '')));
      seen.add('1.0');
      continue;
    }
    if (seen.has(name) && (name === 'ids' || structured.has(name))) {
      if (!seen.has('1.0')) reportOld(findings, `${name} sent several times`, newFormOf(query ?? '', name));
      seen.add('1.0');
      continue;
    }
    seen.add(name);
    checkValue(findings, name, value, fits);
  }
}

function checkValue(findings: Findings, name: string, value: string, fits: Fits): void {
  const told = { where: 'request-line', actual: `${name}=${value}` } as const;
  if (TWICE.test(value)) {
    reportTwice(findings, `${name}=${value}`);
    return;
  }
  const looksEscapedWhole = ESCAPED_START.test(value) || (/^(?:List)?\(/.test(value) && ESCAPED_SEPARATOR.test(value));
  const isFit = looksEscapedWhole || RAW_URN.test(value) ? fits(decoded(name)) : null;
  if (looksEscapedWhole && isFit !== true) {
    const right = structureOf(value);
    findings.add('encoding/structure-escaped', {
      ...told,
      expected: `${name}=${right}`,
      message: `The structure of \`${name}\` is percent-encoded, so that the server reads it as text.`,
      hint: `Write \`${name}=${right}\`: structure raw, values escaped.`,
      // Of what nobody declares, nobody knows whether it is meant as text.
      ...(isFit === null ? { level: 'should' as const } : {}),
    });
    return;
  }
  if (RAW_URN.test(value) && isFit !== true) {
    findings.add('encoding/raw-delimiter-in-value', {
      ...told,
      expected: `${name}=${escapeUrns(value)}`,
      message: `A URN in \`${name}\` has raw colons, which are read as structure.`,
      hint: `Write \`${name}=${escapeUrns(value)}\`.`,
    });
    return;
  }
  if (value.includes('+')) {
    findings.add('encoding/plus-for-space', {
      ...told,
      expected: `${name}=${value.replaceAll('+', '%20')}`,
      message: `\`+\` in \`${name}\` is read as a plus sign, not as a space.`,
      hint: `Write \`%20\` for a space, \`%2B\` for a plus.`,
    });
  }
  if (QUOTES.test(value)) {
    findings.add('encoding/quotes-escaped', {
      ...told,
      expected: `${name}=${value.replaceAll('%27%27', "''")}`,
      message: `\`%27%27\` in \`${name}\` is a text of two quotes, not the empty text.`,
    });
  }
}

function checkMask(findings: Findings, name: string, value: string): void {
  const told = { where: 'request-line', actual: `${name}=${value}` } as const;
  const list = /^List(?:\(|%28)(.*?)(?:\)|%29)?$/i.exec(value);
  if (list !== null) {
    const right = decoded(list[1] ?? '');
    findings.add('encoding/mask-as-list', {
      ...told,
      expected: `${name}=${right}`,
      message: `\`${name}\` is written as a list; a mask has a syntax of its own.`,
      hint: `Write \`${name}=${right}\`.`,
    });
  } else if (value.includes('%')) {
    const right = decoded(value);
    findings.add('encoding/mask-escaped', {
      ...told,
      expected: `${name}=${right}`,
      message: `\`${name}\` is percent-encoded, and masks are not decoded.`,
      hint: `Write \`${name}=${right}\`.`,
    });
  }
}

/** A request that is read as 1.0.0 and written in 2.0. */
function checkOldSyntax(findings: Findings, { query }: Line): void {
  for (const { name, value } of partsOf(query ?? '')) {
    if (isMaskParameter(name) || !/^(?:List\(.*\)|\([^()=]*:.*\))$/s.test(value)) continue;
    findings.add('encoding/protocol-2-syntax', {
      where: 'request-line',
      expected: 'protocol 1.0.0 syntax, or the header X-RestLi-Protocol-Version: 2.0.0',
      actual: `${name}=${value}`,
      message: `\`${name}=${value}\` is 2.0 syntax; under 1.0.0 the server reads it as one text.`,
    });
    return;
  }
}

/** A query value that no parser reads: raw delimiters in a value, or brackets that do not pair. */
export function reportSyntax(
  findings: Findings,
  query: string,
  name: string | undefined,
  message: string,
  offset: number | null,
): void {
  const part = [...partsOf(query)].find((one) => one.name === name || decoded(one.name) === name);
  const value = part?.value ?? '';
  const isStructured = /^(?:List)?\(/i.test(value);
  // A structured value whose brackets pair and that has no empty place: then a value inside it holds raw delimiters.
  const isWhole =
    balance(value) === 0 &&
    !/[(,:](?=[,:)])/.test(value.replaceAll(/List\(\)|\(\)/g, 'x')) &&
    !value.startsWith('list');
  const told = {
    where: 'request-line',
    actual: part === undefined ? query : `${part.name}=${value}`,
    message: `The query cannot be parsed${offset === null ? '' : ` (character ${offset + 1})`}: ${message}.`,
  } as const;
  if (part !== undefined && !percentIsBroken(value) && /[(),:]/.test(value) && (!isStructured || isWhole)) {
    const right = isStructured ? null : value.replace(/[():,]/g, escapeOf);
    findings.add('encoding/raw-delimiter-in-value', {
      ...told,
      expected: right === null ? 'values whose ( ) : , are escaped' : `${part.name}=${right}`,
      ...(right === null ? {} : { hint: `Write \`${part.name}=${right}\`.` }),
    });
    return;
  }
  const hint = value.startsWith('list(') ? '`List` is written with a capital L.' : undefined;
  findings.add('encoding/query-syntax', {
    ...told,
    expected: 'a value, a list `List(…)` or a record `(name:value)`',
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Whether the decoded text shows structure that was escaped: for keys and values whose type did not fit. */
export function looksEscaped(text: string): boolean {
  return /^(?:List)?\(.*\)$/s.test(text) || /,/.test(text);
}

function reportOld(findings: Findings, actual: string, right: string | null): void {
  findings.add('encoding/protocol-1-syntax', {
    where: 'request-line',
    expected: right ?? 'lists as `List(…)`, records as `(name:value)`',
    actual,
    message: `${actual} is protocol 1.0 syntax in a request of 2.0.0.`,
    ...(right === null ? {} : { hint: `Write \`${right}\`.` }),
  });
}

function reportTwice(findings: Findings, text: string): void {
  const right = text.replace(/%25([0-9A-Fa-f]{2})/g, '%$1');
  // What is text on purpose (`%2F` or `%3A` as part of a key that is a URL) is legal; a URN or structure escaped twice
  // never is.
  const isCertain = /urn%253A|List%2528|(?:^|[=/])%2528/i.test(text);
  findings.add('encoding/double-escaped', {
    where: 'request-line',
    expected: right,
    actual: text,
    message: `${text} is percent-encoded twice; the server decodes once.`,
    hint: `Write \`${right}\`.`,
    ...(isCertain ? {} : { level: 'should' as const }),
  });
}

function percentIsBroken(text: string): boolean {
  return 'problem' in percentDecode(text);
}

function balance(text: string): number {
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth < 0) return -1;
  }
  return depth;
}
