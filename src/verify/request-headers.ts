/** Headers of requests: the guard of the method, the version, what dialect and contract want. */
import type { Fields } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue, quote } from '../diagnostic/quote.ts';
import { headersUnder, type RequirementLevel } from '../protocol/dialects.ts';
import { HEADERS, protocolOf } from '../protocol/headers.ts';
import type { Json } from '../protocol/json.ts';
import { isMethodName, METHOD_NAMES, profileOf, type MethodName } from '../protocol/methods.ts';
import { checkSchema } from '../schema/check.ts';
import { headerOf, headerValues, type HeaderLines } from '../transport/exchange.ts';
import { plainSchema } from './answer.ts';
import { effectOf } from './becomes.ts';
import { placeOf, type Findings } from './findings.ts';
import type { Sent } from './sent.ts';
import { readTyped } from './typed.ts';

/** The method that a header value names, in any case; null for any other text. */
export function namedMethod(value: string): MethodName | null {
  const upper = value.toUpperCase();
  return isMethodName(upper) ? upper : null;
}

/**
 * Judges `X-RestLi-Method`.
 *
 * @param reached - the method that verb, path and parameters reach without the header; null for none
 * @param meant - what the author meant, where that is known
 * @param body - decoded, to say what a server would do with it
 */
export function checkMethodHeader(
  findings: Findings,
  headers: HeaderLines,
  reached: MethodName | null,
  meant: MethodName | null,
  levelFor: (method: MethodName) => RequirementLevel,
  body: Json | undefined,
): void {
  findings.checks += 1;
  const values = headerValues(headers, HEADERS.method);
  const shown = meant ?? reached;
  const right = shown === null ? HEADERS.method : `${HEADERS.method}: ${shown}`;
  const told = { where: 'request-header', header: HEADERS.method, expected: right } as const;
  const [value] = values;
  if (values.length > 1) {
    return findings.add('headers/method-doubled', {
      ...told,
      actual: `${values.length} lines: ${values.join(', ')}`,
      message: `${HEADERS.method} is sent ${values.length} times.`,
    });
  }
  if (value === undefined || value === '') {
    if (shown === null) return;
    const level = levelFor(shown);
    if (value === '') {
      return findings.add('headers/method-empty', {
        ...told,
        actual: 'an empty value',
        message: `${HEADERS.method} is empty, which counts as absent.`,
        level: level === 'may' ? 'should' : level,
      });
    }
    const becomes = reached === null ? 'no method' : reached;
    return findings.add('headers/method-missing', {
      ...told,
      actual: 'nothing',
      message: `The request does not name its method; verb, path and parameters make it ${becomes}.`,
      hint: `Send \`${right}\`.`,
      level,
    });
  }

  const named = namedMethod(value);
  if (named === null) {
    const near = namedMethod(value.trim()) ?? didYouMean(value.trim().toUpperCase(), METHOD_NAMES);
    return findings.add('headers/method-unknown', {
      ...told,
      actual: quote(value),
      message: `${quote(value)} is no method${value.trim() === value ? '' : ' (the value is not trimmed)'}; the server answers 400.`,
      hint: near === null ? `Send \`${right}\`.` : `Did you mean \`${HEADERS.method}: ${near}\`?`,
    });
  }
  if (reached === null || named === reached || sharesCell(named, reached)) return;
  findings.add('headers/method-contradicts', {
    ...told,
    expected: `${HEADERS.method}: ${reached}, or a request that is ${named}`,
    actual: value,
    message: `The header says ${named}; verb, path and parameters say ${reached}. The server answers 400.`,
    hint: `${named} is ${shapeOfMethod(named)}; without the header this request would be ${reached}: ${effectOf(reached, body)}.`,
  });
}

/** `DELETE to the collection with \`ids\``: what makes a request that method. */
export function shapeOfMethod(method: MethodName): string {
  const { verb, parameter, at } = profileOf(method);
  const level = at === 'entity' ? 'an entity' : at === 'collection' ? 'the collection' : 'either level';
  return `${verb} to ${level}${parameter === 'none' ? '' : ` with \`${parameter}\``}`;
}

/** Whether verb, level and parameter are the same, so that the header alone decides. */
function sharesCell(a: MethodName, b: MethodName): boolean {
  const [one, other] = [profileOf(a), profileOf(b)];
  return one.verb === other.verb && one.at === other.at && one.parameter === other.parameter;
}

/** What a request means to a server that takes it for 1.0.0. */
const READ_AS_OLD = {
  '1.0.0': 'which it is written in, though nothing says that this is meant',
  '2.0.0': 'and misreads its lists, records and keys',
  plain: 'which makes no difference until a list, a record or a key of several parts comes',
} as const;

/** Judges the protocol version. `syntax`: what the request is written in; `plain` is the same in both versions. */
export function checkProtocolHeader(
  findings: Findings,
  headers: HeaderLines,
  accepted: readonly string[],
  syntax: '1.0.0' | '2.0.0' | 'plain',
): void {
  findings.checks += 1;
  const values = headerValues(headers, HEADERS.protocol);
  const text = values.length === 0 ? null : values.join(', ');
  const told = {
    where: 'request-header',
    header: HEADERS.protocol,
    expected: `${HEADERS.protocol}: ${accepted[0] ?? '2.0.0'}`,
  } as const;
  if (text === null) {
    // A contract in 1.0.0 lets the header be left out: that is what a missing one means.
    if (accepted[0] === '1.0.0') return;
    return findings.add('headers/protocol-version-missing', {
      ...told,
      actual: 'nothing',
      message: `The request does not name its protocol version; the server takes it for 1.0.0, ${READ_AS_OLD[syntax]}.`,
    });
  }
  const version = protocolOf(text);
  if (version === 'malformed') {
    return findings.add('headers/protocol-version-malformed', {
      ...told,
      actual: quote(text),
      message: `${quote(text)} is no protocol version.`,
    });
  }
  if (version === null || !accepted.includes(version)) {
    findings.add('headers/protocol-version-unsupported', {
      ...told,
      actual: text,
      message: `Protocol version ${text} is not supported; the server answers 400.`,
    });
  }
}

/** Judges the headers of the dialect, against the base that the request was sent under. */
export function checkDialectHeaders(
  { findings, dialect, wire, base }: Pick<Sent, 'findings' | 'dialect' | 'wire' | 'base'>,
  today: string | null,
): void {
  const due = headersUnder(dialect, base);
  for (const header of dialect.headers) {
    findings.checks += 1;
    const value = headerOf(wire.headers, header.name);
    const isVersion = header.name.toLowerCase() === 'linkedin-version';
    if (!due.includes(header)) {
      if (value === null || base === null) continue;
      findings.add('headers/version-without-versioned-base', {
        where: 'request-header',
        header: header.name,
        expected: `${header.name} under ${header.under ?? ''} only`,
        actual: `${header.name}: ${value} under ${base}`,
        message: `${header.name} has no meaning under ${base}.`,
        hint: `Send the request to ${header.under ?? ''}, or leave ${header.name} out.`,
      });
      continue;
    }
    if (value === null) {
      if (!header.required) continue;
      const refused =
        header.missing === null ? '' : `; the server answers ${header.missing.status} ${header.missing.code}`;
      findings.add(isVersion ? 'headers/linkedin-version-missing' : 'headers/dialect-header-missing', {
        where: 'request-header',
        header: header.name,
        expected: header.name,
        actual: 'nothing',
        message: `The dialect ${dialect.name} demands ${header.name}${base === null ? '' : ` under ${base}`}${refused}.`,
      });
      continue;
    }
    if (isVersion && today !== null) checkAge(findings, header.name, value, today);
    for (const problem of checkSchema(plainSchema(header.schema), value)) {
      findings.add(isVersion ? 'headers/linkedin-version-malformed' : 'headers/dialect-header-malformed', {
        where: 'request-header',
        header: header.name,
        expected: problem.expected,
        actual: problem.actual,
        message: `${header.name} is not what the dialect ${dialect.name} demands.`,
      });
    }
  }
}

/** Months for which a version is supported at least. Source: LinkedIn's versioning policy for marketing APIs. */
const SUPPORTED_MONTHS = 12;

function checkAge(findings: Findings, name: string, value: string, today: string): void {
  const version = monthsOf(value, /^(\d{4})(\d{2})/);
  const now = monthsOf(today, /^(\d{4})-(\d{2})/);
  if (version === null || now === null || now - version <= SUPPORTED_MONTHS) return;
  findings.add('headers/linkedin-version-old', {
    where: 'request-header',
    header: name,
    expected: `a version of the last ${SUPPORTED_MONTHS} months`,
    actual: `${value}, ${now - version} months old`,
    message: `Version ${value} is ${now - version} months old and may be out of support.`,
  });
}

function monthsOf(text: string, pattern: RegExp): number | null {
  const [, year, month] = pattern.exec(text) ?? [];
  return year === undefined || month === undefined ? null : Number(year) * 12 + Number(month);
}

/** Judges the headers that operation and contract declare. */
export function checkDeclaredHeaders(sent: Sent): void {
  const { contract, operation } = sent;
  if (contract.requestHeaders.size > 0) checkFields(sent, contract.requestHeaders, '/request/headers');
  if (operation !== null && operation.request.headers.size > 0)
    checkFields(sent, operation.request.headers, `${operation.pointer}/request/headers`);
}

function checkFields({ contract, findings, wire }: Sent, fields: Fields, pointer: string): void {
  for (const field of fields.values()) {
    findings.checks += 1;
    const value = headerOf(wire.headers, field.name);
    const told = { where: 'request-header', header: field.name } as const;
    if (value === null) {
      if (!field.required || field.type === false) continue;
      findings.add('headers/declared-missing', {
        ...told,
        expected: field.name,
        actual: 'nothing',
        message: `The contract demands ${field.name}.`,
        at: placeOf(contract, `${pointer}/${field.name}`),
      });
      continue;
    }
    const at = placeOf(contract, `${pointer}/${field.name}`);
    if (field.type === false) {
      findings.add('headers/declared-forbidden', {
        ...told,
        expected: 'nothing',
        actual: describeValue(value),
        message: `The contract rules ${field.name} out.`,
        at,
      });
      continue;
    }
    for (const problem of readTyped(field, value).problems) {
      findings.add('headers/declared-type', {
        ...told,
        expected: problem.expected,
        actual: problem.actual,
        message: `${field.name} is not of its declared type.`,
        at,
      });
    }
    if (field.deprecated !== false)
      reportDeprecated(findings, 'deprecated/parameter', `header ${field.name}`, field.deprecated, { ...told, at });
  }
}

/** One deprecated thing, with what to use instead where the contract says. */
export function reportDeprecated(
  findings: Findings,
  rule: string,
  what: string,
  deprecated: boolean | string,
  told: Omit<Parameters<Findings['add']>[1], 'expected' | 'actual' | 'message'>,
): void {
  findings.add(rule, {
    ...told,
    expected: typeof deprecated === 'string' ? deprecated : 'nothing that is deprecated',
    actual: what,
    message: `${what[0]?.toUpperCase() ?? ''}${what.slice(1)} is deprecated.`,
    ...(typeof deprecated === 'string' ? { hint: `Instead: ${deprecated}.` } : {}),
  });
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i;

/** Judges the Content-Type of a body, out of its tunnel. */
export function checkBodyType(findings: Findings, headers: HeaderLines): void {
  findings.checks += 1;
  const type = headerOf(headers, HEADERS.contentType);
  if (type !== null && JSON_TYPE.test(type.trim())) return;
  findings.add(type === null ? 'headers/content-type-missing' : 'headers/content-type-wrong', {
    where: 'request-header',
    header: HEADERS.contentType,
    expected: 'application/json',
    actual: type ?? 'nothing',
    message: type === null ? 'The body comes without a Content-Type.' : `The body comes as ${type}.`,
  });
}
