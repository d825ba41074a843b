/**
 * Whether a value read from a file is an event of this version: every member that reporters reach into, with its type.
 *
 * A stream may have been cut, merged, edited or written by another tool. What passes here renders without surprise, so
 * reporters ask nothing again. Members beyond these are free.
 */
import { METHOD_NAMES } from '../protocol/methods.ts';
import { COVERAGE_CATEGORIES, SCHEMA_VERSION, VERDICTS, type RunEvent } from '../run/events.ts';

/** @returns the path of the first member that is not as it should be (`attempts/0/exchanges`), or null when all are */
type Shape = (value: unknown) => string | null;

const WRONG = '';
const text: Shape = (value) => (typeof value === 'string' ? null : WRONG);
const number: Shape = (value) => (typeof value === 'number' && Number.isFinite(value) ? null : WRONG);
const flag: Shape = (value) => (typeof value === 'boolean' ? null : WRONG);
const oneOf =
  (words: readonly unknown[]): Shape =>
  (value) =>
    words.includes(value) ? null : WRONG;
const orNull =
  (shape: Shape): Shape =>
  (value) =>
    value === null ? null : shape(value);

function listOf(shape: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return WRONG;
    for (const [index, item] of value.entries()) {
      const wrong = shape(item);
      if (wrong !== null) return joined(String(index), wrong);
    }
    return null;
  };
}

function record(members: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(members);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return WRONG;
    for (const [name, shape] of entries) {
      const wrong = shape(Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined);
      if (wrong !== null) return joined(name, wrong);
    }
    return null;
  };
}

function joined(name: string, inner: string): string {
  return inner === WRONG ? name : `${name}/${inner}`;
}

const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined ? null : shape(value);

const texts = listOf(text);
const verdict = oneOf(VERDICTS);
const method = oneOf(METHOD_NAMES);
const place = record({ file: text, line: number, col: number });

const violation = record({
  rule: text,
  level: oneOf(['must', 'should', 'may']),
  where: oneOf([
    'request-line',
    'request-header',
    'request-body',
    'status',
    'header',
    'body',
    'entry',
    'paging',
    'error-body',
    'transport',
  ]),
  pointer: orNull(text),
  header: orNull(text),
  key: orNull(text),
  exchange: number,
  expected: text,
  actual: text,
  message: text,
  hint: orNull(text),
  at: orNull(place),
  fingerprint: text,
});

const headerLine: Shape = (value) => (Array.isArray(value) && value.length === 2 ? texts(value) : WRONG);
const body = record({ text, bytes: number, cut: flag, encoding: oneOf(['utf8', 'base64']), sha256: orNull(text) });
const message = { headers: listOf(headerLine), body: orNull(body) };

const answered = {
  response: orNull(record({ status: number, ...message })),
  failure: orNull(record({ phase: text, code: text, message: text, hint: text })),
  durationMs: number,
};

const exchange = record({
  step: orNull(text),
  request: record({ verb: text, url: text, ...message }),
  ...answered,
  baseline: optional(record(answered)),
});

const mutants = { killed: number, killedByContract: number, survived: number, apart: number };

const SHAPES: ReadonlyMap<unknown, Shape> = new Map([
  [
    'run',
    record({
      schemaVersion: oneOf([SCHEMA_VERSION]),
      tool: record({ name: text, version: text }),
      command: text,
      rerun: text,
      target: record({
        name: text,
        baseUrl: orNull(text),
        mode: oneOf(['live', 'mock', 'recorded']),
        insecure: flag,
        writes: flag,
      }),
      baseline: optional(record({ baseUrl: text })),
      seed: number,
      groups: texts,
      startedAt: text,
      gitRevision: orNull(text),
      environment: record({ node: text, platform: text }),
      contracts: listOf(
        record({
          resource: text,
          file: text,
          hash: text,
          kind: text,
          dialect: text,
          protocol: text,
          path: text,
          doc: orNull(text),
          operations: listOf(record({ method, name: orNull(text) })),
        }),
      ),
      planned: record({ total: number, selected: number }),
      planHash: text,
      shard: orNull(record({ index: number, count: number })),
      notes: texts,
    }),
  ],
  [
    'case',
    record({
      id: text,
      contract: orNull(record({ file: text, line: number, col: number, hash: text })),
      resource: orNull(text),
      method: orNull(method),
      operation: orNull(text),
      group: text,
      derived: flag,
      reason: text,
      name: text,
      verdict,
      durationMs: number,
      attempts: listOf(record({ verdict, exchanges: listOf(exchange), violations: listOf(violation) })),
      checks: record({ total: number, failed: number }),
      violations: listOf(violation),
      tags: texts,
      waiver: orNull(record({ reason: text, until: text })),
      skipReason: orNull(text),
      paste: optional(text),
    }),
  ],
  [
    'coverage',
    record({
      rows: listOf(record({ resource: text, category: oneOf(COVERAGE_CATEGORIES), seen: texts, missing: texts })),
      minimums: listOf(
        record({ category: oneOf(['all', ...COVERAGE_CATEGORIES]), percent: number, seen: number, total: number }),
      ),
    }),
  ],
  [
    'mutation',
    record({
      groups: texts,
      total: record(mutants),
      minScore: orNull(number),
      methods: listOf(record({ method, ...mutants })),
      kinds: listOf(record({ kind: text, ...mutants })),
      faults: listOf(
        record({
          fault: text,
          title: text,
          kind: text,
          first: orNull(record({ case: text, rule: text })),
          reason: orNull(text),
          ...mutants,
        }),
      ),
      survivors: listOf(
        record({
          fault: text,
          title: text,
          kind: text,
          resource: text,
          method,
          cases: number,
          advice: text,
          paste: orNull(text),
        }),
      ),
    }),
  ],
  [
    'end',
    record({
      verdicts: record(Object.fromEntries(VERDICTS.map((name) => [name, number]))),
      selected: number,
      run: number,
      durationMs: number,
      exitCode: number,
      interrupted: orNull(text),
      leftBehind: texts,
      shortfalls: optional(texts),
    }),
  ],
]);

/** The value as an event, or a sentence on what is wrong with it. */
export function eventOf(value: unknown): RunEvent | string {
  return isEvent(value) ? value : whyNoEvent(value);
}

function isEvent(value: unknown): value is RunEvent {
  return whyNoEvent(value) === '';
}

function whyNoEvent(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const type: unknown = Reflect.get(value, 'type');
  const version: unknown = Reflect.get(value, 'schemaVersion');
  if (type === 'run' && version !== SCHEMA_VERSION) {
    return `schema version ${String(version)}, this version reads ${SCHEMA_VERSION}`;
  }
  const shape = SHAPES.get(type);
  if (shape === undefined) return `no event of this version: \`type\` is none of ${[...SHAPES.keys()].join(', ')}`;
  const wrong = shape(value);
  return wrong === null ? '' : `\`${wrong}\` of the ${String(type)} event is missing or of another type`;
}
