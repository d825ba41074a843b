/** Cases, steps and flows as the program sees them. Thousands of them in a file: what is absent costs no object. */
import type { CaseSpec, Expectation, FlowSpec, Outcome } from './contract.ts';
import { headerValuesOf } from './fields.ts';
import type { CaseSource, ExpectationSource, FlowSource, OutcomeSource, StepSource } from './format-cases.ts';
import { statusList } from './normalise-operations.ts';
import { isMany } from './one-or-many.ts';
import type { JsonObject } from '../protocol/json.ts';

/** Shared by all requests without parameters. */
export const NO_PARAMS: JsonObject = Object.freeze({});
const NO_TAGS: readonly string[] = Object.freeze([]);
const NO_STATUSES: readonly number[] = Object.freeze([]);
const NO_CAPTURES: ReadonlyMap<string, string> = new Map();
const NO_EXPECTED_HEADERS: Expectation['headers'] = new Map();

export function normaliseCase(written: CaseSource, pointer: string): CaseSpec {
  return specOf(written, pointer, {
    name: written.name,
    resource: null,
    capture: NO_CAPTURES,
    tags: written.tags ?? NO_TAGS,
    targets: written.targets ?? null,
    skip: written.skip ?? null,
  });
}

export function normaliseFlow(written: FlowSource, pointer: string): FlowSpec {
  const steps = (name: 'steps' | 'cleanup', list: readonly StepSource[]): readonly CaseSpec[] =>
    list.flatMap((step, index) => (step === null ? [] : [stepOf(step, `${pointer}/${name}/${index}`)]));
  return {
    name: written.name,
    steps: steps('steps', written.steps),
    cleanup: steps('cleanup', written.cleanup ?? []),
    doc: written.doc ?? null,
    tags: written.tags ?? NO_TAGS,
    targets: written.targets ?? null,
    skip: written.skip ?? null,
    pointer,
  };
}

function stepOf(written: StepSource, pointer: string): CaseSpec {
  const capture = written.capture === undefined ? NO_CAPTURES : new Map(Object.entries(written.capture));
  return specOf(written, pointer, {
    name: written.name ?? null,
    resource: written.resource ?? null,
    capture,
    tags: NO_TAGS,
    targets: null,
    skip: null,
  });
}

type Asked = Omit<CaseSource, 'name' | 'tags' | 'targets' | 'skip'>;
type Own = Pick<CaseSpec, 'name' | 'resource' | 'capture' | 'tags' | 'targets' | 'skip'>;

function specOf(written: Asked, pointer: string, own: Own): CaseSpec {
  return {
    name: own.name,
    method: written.method,
    operation: written.q ?? written.bq ?? written.action ?? null,
    resource: own.resource,
    key: written.key,
    ids: written.ids,
    parents: written.parents,
    entity: written.entity,
    elements: written.elements,
    entities: written.entities === undefined ? undefined : entitiesOf(written.entities),
    patch: written.patch,
    criteria: written.criteria,
    params: written.params ?? NO_PARAMS,
    fields: written.fields,
    metadataFields: written.metadataFields,
    pagingFields: written.pagingFields,
    headers: headerValuesOf(written.headers),
    protocol: written.protocol ?? null,
    tunnel: written.tunnel ?? false,
    raw: written.raw === undefined ? null : rawOf(written.raw),
    expect: written.expect === undefined ? null : expectationOf(written.expect, `${pointer}/expect`),
    retry:
      written.retry === undefined
        ? null
        : {
            times: written.retry.times,
            everyMs: durationMs(written.retry.every ?? '0ms'),
            reason: written.retry.reason,
          },
    timeoutMs: written.timeout === undefined ? null : durationMs(written.timeout),
    doc: written.doc ?? null,
    tags: own.tags,
    targets: own.targets,
    skip: own.skip,
    capture: own.capture,
    pointer,
  };
}

function entitiesOf(written: NonNullable<Asked['entities']>): NonNullable<CaseSpec['entities']> {
  return written
    .filter((item) => item !== null)
    .map(({ key, entity, patch }) => ({
      key,
      ...(entity === undefined ? {} : { entity }),
      ...(patch === undefined ? {} : { patch }),
    }));
}

function rawOf({ verb, path, query, body }: NonNullable<Asked['raw']>): NonNullable<CaseSpec['raw']> {
  return {
    ...(verb === undefined ? {} : { verb }),
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
  };
}

function expectationOf(written: number | ExpectationSource, pointer: string): Expectation {
  const given: ExpectationSource = typeof written === 'number' ? { status: written } : written;
  return {
    status: statusList(given.status),
    orRefused: NO_STATUSES,
    headers: given.headers === undefined ? NO_EXPECTED_HEADERS : new Map(Object.entries(given.headers)),
    body: given.body,
    key: given.key,
    each: given.each === undefined ? null : eachOf(given.each),
    pointer,
  };
}

function eachOf(written: NonNullable<ExpectationSource['each']>): NonNullable<Expectation['each']> {
  if (isMany<number | OutcomeSource>(written)) return written.map((outcome) => outcomeOf(outcome ?? {}));
  return outcomeOf(written);
}

function outcomeOf(written: number | OutcomeSource): Outcome {
  const given: OutcomeSource = typeof written === 'number' ? { status: written } : written;
  return {
    status: statusList(given.status),
    key: given.key,
    entity: given.entity,
    elements: given.elements,
    paging: given.paging,
    metadata: given.metadata,
    error: given.error,
  };
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;

/** `500ms`, `2s`, `1m` as milliseconds. */
export function durationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  return Number(count) * UNIT_MS[unit === 's' || unit === 'm' ? unit : 'ms'];
}
