/** Requests that the server refuses before it looks for a method, each by the rule that names its cause. */
import type { Contract } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { percentDecode } from '../protocol/encoding.ts';
import { HEADERS } from '../protocol/headers.ts';
import type { Refusal, RefusalReason, WireRequest } from '../protocol/request.ts';
import { headerOf } from '../transport/exchange.ts';
import { placeOf, type Findings } from './findings.ts';
import { newFormOf } from './corrected.ts';
import { reportSyntax } from './request-encoding.ts';

interface Refused {
  readonly wire: WireRequest;
  readonly contract: Contract | null;
  readonly body: Uint8Array | null;
}

/** Tells a refusal. Version faults and malformed tunnels are told by the checks of those headers. */
export function reportRefusal(findings: Findings, refusal: Refusal, refused: Refused): void {
  REPORTS[refusal.reason](findings, refusal, refused);
}

type Report = (findings: Findings, refusal: Refusal, refused: Refused) => void;

const toldElsewhere: Report = () => undefined;

const unknownPath: Report = (findings, { message, at }, { wire, contract }) => {
  const names = contract === null ? [] : [contract.resource];
  const near = didYouMean(wire.path.split('/')[1] ?? '', names);
  findings.add('routing/unknown-path', {
    where: 'request-line',
    expected: 'the path of a contract',
    actual: wire.path,
    message: `The path leads to no resource of a contract${at.offset === undefined ? '' : ` (character ${at.offset + 1})`}: ${message}.`,
    ...(near === null ? {} : { hint: `Did you mean \`/${near}\`?` }),
  });
};

const accept: Report = (findings, { message }, { wire }) =>
  findings.add('headers/accept-unsupported', {
    where: 'request-header',
    header: HEADERS.accept,
    expected: 'application/json',
    actual: headerOf(wire.headers, HEADERS.accept) ?? 'nothing',
    message: `The server cannot answer: ${message}.`,
  });

/** A key that cannot be read: broken escapes, protocol 1.0, or parts that are none. */
const key: Report = (findings, { message, at }, { wire, contract }) => {
  const segment = segmentAt(wire.path, at.offset ?? 0);
  const shape = contract?.key?.shape;
  const told = { where: 'request-line', actual: segment } as const;
  if (segment.includes('%') && 'problem' in percentDecode(segment)) {
    return findings.add('encoding/path-syntax', {
      ...told,
      expected: 'escapes of two hexadecimal digits',
      message: `The path cannot be read: ${message}.`,
    });
  }
  if (shape !== undefined && shape.kind !== 'simple' && /^[^()]+=[^()]*$/.test(segment)) {
    const right = `(${segment
      .split('&')
      .map((part) => part.replace('=', ':'))
      .join(',')})`;
    return findings.add('encoding/protocol-1-syntax', {
      ...told,
      expected: right,
      message: `The key ${segment} is written as in protocol 1.0.`,
      hint: `Write \`${right}\`.`,
    });
  }
  findings.add(
    segment.startsWith('(') && segment.endsWith(')') && !/[(,:]$|[(,]{2}/.test(segment)
      ? 'keys/parts'
      : 'encoding/path-syntax',
    {
      ...told,
      expected:
        shape === undefined || shape.kind === 'simple'
          ? 'a key'
          : `(${shape.parts.map((part) => `${part}:…`).join(',')})`,
      message: `The key ${segment} cannot be read: ${message}.`,
      at: contract === null ? null : placeOf(contract, '/key'),
    },
  );
};

const REPORTS: Readonly<Record<RefusalReason, Report>> = {
  'tunnel-malformed': toldElsewhere,
  'protocol-malformed': toldElsewhere,
  'protocol-unsupported': toldElsewhere,
  'query-syntax': (findings, { message, at }, { wire }) =>
    reportSyntax(findings, wire.query ?? '', at.name, message, at.offset ?? null),
  'query-repeated': (findings, { message, at }, { wire }) => {
    const name = at.name ?? '';
    const right = newFormOf(wire.query ?? '', name);
    findings.add('encoding/repeated-parameter', {
      where: 'request-line',
      expected: right === null ? `\`${name}\` once` : `\`${name}\` once, or ${right}`,
      actual: `\`${name}\` several times`,
      message: `The query cannot be read: ${message}.`,
    });
  },
  'query-empty': (findings, { message, at }) =>
    findings.add('encoding/empty-value', {
      where: 'request-line',
      expected: 'a value',
      actual: `\`${at.name ?? ''}\` without one`,
      message: `The query cannot be read: ${message}.`,
    }),
  'accept-malformed': accept,
  'accept-unsupported': accept,
  'root-unknown': unknownPath,
  'sub-resource-unknown': unknownPath,
  'path-extra': unknownPath,
  'path-malformed': key,
  'key-malformed': key,
  'key-not-a-record': key,
  'key-incomplete': key,
  'key-on-actions-set': (findings, { message }, { wire }) =>
    findings.add('routing/key-on-action-set', {
      where: 'request-line',
      expected: 'no key',
      actual: wire.path,
      message: `A set of actions has no entities: ${message}.`,
    }),
  'ids-not-a-list': (findings, { message }, { wire }) =>
    findings.add('keys/ids-not-a-list', {
      where: 'request-line',
      expected: 'ids=List(…)',
      actual: wire.query ?? '',
      message: `The server answers 400: ${message}.`,
    }),
  'ids-member': (findings, { message }, { wire }) =>
    findings.add('keys/ids-type', {
      where: 'request-line',
      expected: 'keys of the resource',
      actual: wire.query ?? '',
      message: `The server answers 400: ${message}.`,
    }),
  'ids-on-simple': (findings, { message }) =>
    findings.add('params/forbidden', {
      where: 'request-line',
      expected: 'no `ids`',
      actual: '`ids`',
      message: `${message[0]?.toUpperCase() ?? ''}${message.slice(1)}.`,
    }),
  'mask-malformed': (findings, { message, at }, { wire }) =>
    findings.add('encoding/mask-syntax', {
      where: 'request-line',
      expected: 'names, commas and `(…)` after a colon',
      actual: wire.query ?? '',
      message: `\`${at.name ?? 'fields'}\` cannot be parsed: ${message}.`,
    }),
};

function segmentAt(path: string, offset: number): string {
  const start = path.lastIndexOf('/', offset) + 1;
  const end = path.indexOf('/', start);
  return path.slice(start, end < 0 ? undefined : end);
}
