/** Cases, steps and flows of a contract, and what they expect. */
import { METHOD_NAMES } from '../protocol/methods.ts';
import { doc, duration, headerValues, nonEmpty, statuses, status, tags, targets, version } from './format-parts.ts';
import {
  anything,
  bool,
  choice,
  expected,
  integer,
  list,
  map,
  named,
  object,
  objectValue,
  optional,
  patch,
  required,
  text,
  word,
  type SourceOf,
} from './shape.ts';
import { FOREIGN_METHODS } from './format-methods.ts';

// prettier-ignore
const outcome = object('an outcome', {
  status: optional(statuses, 'Status of the item.'),
  key: optional(expected, 'Created key of the item.'),
  entity: optional(expected, 'Entity of the item.'),
  elements: optional(expected, 'Elements of one criterion.'),
  paging: optional(expected, 'Paging of one criterion.'),
  metadata: optional(expected, 'Metadata of one criterion.'),
  error: optional(expected, 'Error body of the item.'),
}, { see: 'expectations' });
const outcomeShort = choice('a status or an outcome', { number: status, object: outcome });

// prettier-ignore
const expectation = object('an expectation', {
  status: optional(statuses, 'A status or a list of them.'),
  headers: optional(map('a header name', expected, /^/), 'Headers of the answer.'),
  key: optional(expected, 'The created key, decoded.'),
  body: optional(expected, 'The body; members not named are free.'),
  each: optional(choice('one outcome, or a list with one for each item', { number: status, object: outcome, array: list(outcomeShort) }), 'Outcome of each item, in the order of the request.'),
}, { min: 1, see: 'expectations', aliases: { entity: 'write `body`', statusCode: 'write `status`', code: 'write `status`, or `body: { code: … }`', value: 'write `body: { value: … }`' } });

// prettier-ignore
const raw = object('raw', {
  verb: optional(nonEmpty, 'HTTP verb instead of the method\'s.'),
  path: optional(text('a path'), 'Path after the base, byte for byte.'),
  query: optional(text('a query'), 'Query without `?`, byte for byte.'),
  body: optional(anything, 'Body: text byte for byte, anything else as JSON.'),
}, { min: 1, see: 'cases', aliases: { method: 'write `verb`', url: 'write `path` and `query`' } });

// prettier-ignore
const retry = object('a retry', {
  times: required(integer('a number of times', 1, 100), 'How often it is asked again.'),
  every: optional(duration, 'Pause between two tries.'),
  reason: required(nonEmpty, 'What lags behind, and why.'),
}, { see: 'cases' });

// prettier-ignore
const batchItem = object('an item of `entities`', {
  key: required(anything, 'Key of the item.'),
  entity: optional(objectValue, 'The entity (BATCH_UPDATE).'),
  patch: optional(patch, 'The patch (BATCH_PARTIAL_UPDATE).'),
}, { see: 'cases' });

// prettier-ignore
const asked = {
  method: required(word('a method', METHOD_NAMES, { code: 'contract/unknown-method', aliases: Object.fromEntries(FOREIGN_METHODS) }), 'What the request is meant to be.'),
  q: optional(nonEmpty, 'Name of the finder (FINDER).'),
  bq: optional(nonEmpty, 'Name of the batch finder (BATCH_FINDER).'),
  action: optional(nonEmpty, 'Name of the action (ACTION).'),
  key: optional(anything, 'Key of the entity; of several parts: part -> value.'),
  ids: optional(choice('a list of keys', { array: list(anything), string: text('a variable that holds the keys', { pattern: /^\$\{[^}]+\}$/ }) }), 'Keys of a batch.'),
  parents: optional(objectValue, 'Values of the variables of the path.'),
  entity: optional(objectValue, 'The entity that is sent.'),
  elements: optional(list(objectValue), 'The entities that are created (BATCH_CREATE).'),
  entities: optional(list(batchItem), 'Keys with entities or patches.'),
  patch: optional(patch, 'The patch that is sent.'),
  criteria: optional(list(objectValue), 'One record for each query (BATCH_FINDER).'),
  params: optional(objectValue, 'Parameters; on ACTION the body.'),
  fields: optional(text('a mask'), 'Mask as in the URL: `id,created:(time)`.'),
  metadataFields: optional(text('a mask'), 'Mask of the metadata.'),
  pagingFields: optional(text('a mask'), 'Mask of paging.'),
  headers: optional(headerValues, 'Sent exactly so; null leaves one out, a list sends it several times.'),
  protocol: optional(version, 'Encoded and sent in this version.'),
  tunnel: optional(bool, 'Sent as POST with `X-HTTP-Method-Override`.', false),
  raw: optional(raw, 'Replaces parts of the built request byte for byte.'),
  expect: optional(choice('a status or an expectation', { number: status, object: expectation }), 'What must come back; default: success.'),
  retry: optional(retry, 'Asks again until it holds.'),
  timeout: optional(duration, 'Instead of the run\'s.'),
  doc: optional(doc, 'Markdown.'),
};
const CASE_ALIASES = {
  finder: 'write `q`',
  batchFinder: 'write `bq`',
  id: 'write `key`',
  keys: 'write `ids`',
  description: 'write `doc`',
  query: 'write `params`',
  body: 'write `entity`, `elements`, `entities`, `patch` or `params`, whatever the method sends; `raw: { body: … }` for bytes',
  verb: 'write `raw: { verb: … }`',
  url: 'the path comes from the contract and `key`; for bytes of your own write `raw: { path: …, query: … }`',
  path: 'the path comes from the contract and `key`; for bytes of your own write `raw: { path: … }`',
  status: 'write `expect: 404` or `expect: { status: … }`',
  expected: 'write `expect`',
  response: 'write `expect`',
  only: 'select with `--case` instead',
};

// prettier-ignore
const selection = {
  tags: optional(tags, 'Words to select by.'),
  targets: optional(targets, 'Runs only on these targets.'),
  skip: optional(nonEmpty, 'Not run, for this reason.'),
};

export const caseShape = named('Case', () =>
  object(
    'a case',
    {
      name: required(text('a name', { pattern: /\S/ }), 'A fact about the resource; part of the id.'),
      ...asked,
      ...selection,
    },
    { see: 'cases', aliases: CASE_ALIASES },
  ),
);

export const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;
const place = text('a place in the answer', {
  pattern: /^(status|key|body|headers\/[^/]+|(body|each)\/.+)$/,
  hint: 'write `status`, `key`, `headers/NAME`, `body/PATH` or `each/0/key`',
});

export const stepShape = named('Step', () =>
  object(
    'a step',
    {
      name: optional(text('a name', { pattern: /\S/ }), 'What the step does.'),
      ...asked,
      resource: optional(nonEmpty, 'Resource of another contract of the run.'),
      capture: optional(
        map('a variable', place, variable, { min: 1 }),
        'Variable -> the place where its expectation would stand.',
      ),
    },
    { see: 'variables-and-flows', aliases: CASE_ALIASES },
  ),
);

// prettier-ignore
export const flow = named('Flow', () => object('a flow', {
  name: required(text('a name', { pattern: /\S/ }), 'A fact about the resource; part of the id.'),
  steps: required(list(stepShape, 1), 'Run in order; the first that fails ends the flow.'),
  cleanup: optional(list(stepShape), 'Always runs, each of it.'),
  doc: optional(doc, 'Markdown.'),
  ...selection,
}, { see: 'variables-and-flows' }));

export type CaseSource = SourceOf<typeof caseShape>;
export type StepSource = SourceOf<typeof stepShape>;
export type FlowSource = SourceOf<typeof flow>;
export type ExpectationSource = SourceOf<typeof expectation>;
export type OutcomeSource = SourceOf<typeof outcome>;
