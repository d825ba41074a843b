/** Samples of LinkedIn's public documentation and clients, judged as traffic. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeExchange } from '../../src/traffic/judge.ts';
import { readNdjson } from '../../src/traffic/ndjson.ts';
import { LINKEDIN } from './linkedin-contracts.ts';

const TEXT = readFileSync(path.join(import.meta.dirname, '../fixtures/recordings/linkedin-samples.ndjson'), 'utf8');

interface Sample {
  readonly id: string;
  readonly documented: string;
}

/** Requests that break the protocol or the dialect, by the rule that names it; the rest of a sample may be right. */
// prettier-ignore
const CONTRADICTIONS: readonly (readonly [rule: string, why: string, ids: readonly string[]])[] = [
  ['headers/protocol-version-missing', 'written in 1.0.0 or in either version, and no version is named', [
    'batch-delete-009', 'batch-delete-011', 'batch-delete-012', 'batch-get-022', 'batch-get-023', 'batch-get-027',
    'batch-partial-update-012', 'batch-partial-update-013', 'batch-update-006', 'batch-update-010', 'batch-update-013',
    'batch-update-015', 'batch-update-016', 'create-013', 'create-021', 'create-022', 'finder-045', 'finder-046', 'finder-048',
    'finder-052', 'get-008', 'get-017', 'get-020', 'get-all-004', 'partial-update-014', 'partial-update-016',
  ]],
  ['headers/linkedin-version-missing', 'below /rest without a version', ['batch-finder-004', 'batch-update-016']],
  ['headers/method-missing', 'a patch by POST that only its shape tells from other writes', ['partial-update-008', 'partial-update-014', 'partial-update-016']],
  ['headers/content-type-missing', 'a JSON body that is not called so', [
    'batch-create-003', 'batch-partial-update-001', 'batch-update-013', 'batch-update-015', 'batch-update-016', 'create-025',
    'partial-update-008', 'partial-update-014', 'partial-update-016', 'update-002',
  ]],
  ['keys/parts', 'the keys of the list are numbered, and one of them lacks a part', ['batch-delete-011']],
  ['request-body/missing', 'a creation without an entity', ['create-009', 'create-013']],
  ['encoding/raw-delimiter-in-value', 'a raw URN as the value of a parameter', ['finder-003']],
  ['encoding/protocol-1-syntax', 'a dotted and numbered parameter of 1.0.0 under 2.0.0', ['finder-030']],
  ['encoding/raw-urn-in-path', 'a raw URN as a key in the path', ['get-012']],
];

/** Answers that break a promise; headers that a sample does not show are not held against it. */
// prettier-ignore
const ANSWERS: readonly (readonly [rule: string, why: string, ids: readonly string[]])[] = [
  ['status/undeclared-success', 'a fixture of a client that answers another success', ['batch-create-006', 'batch-delete-005']],
  ['batch/entry-error', 'a fixture whose error has no status', ['batch-create-007']],
  ['body/missing', 'a fixture without its answer', ['batch-update-016']],
  ['create/id-missing', 'a 201 that names no id', ['create-011', 'create-025']],
];

/** What the server would not even route. */
const UNROUTED: ReadonlySet<string> = new Set(['finder-003', 'finder-030']);

const samples = TEXT.trim()
  .split('\n')
  .map((line): Sample => JSON.parse(line));
const { entries, problems } = readNdjson(TEXT);

const judged = samples.map(({ id, documented }, index) => {
  const entry = entries[index];
  if (entry === undefined) throw new Error(`sample ${id} could not be read`);
  const { request, response } = entry.exchange;
  const isBare = response !== null && response.headers.length === 0 && response.body.byteLength > 0;
  const shown = isBare ? { ...response, headers: [['Content-Type', 'application/json'] as const] } : response;
  const { judgement, violations } = judgeExchange({ ...entry.exchange, request, response: shown }, LINKEDIN, {
    dialects: new Map(),
  });
  const grave = violations.filter(({ level }) => level === 'must');
  return {
    id: id.replace(/^li-/, ''),
    documented,
    covered: judgement.contract !== null,
    reached: judgement.asked?.method ?? null,
    requests: grave.filter(({ where }) => where.startsWith('request')).map(({ rule }) => rule),
    answers: grave.filter(({ where }) => !where.startsWith('request')).map(({ rule }) => rule),
  };
});

function told(part: 'requests' | 'answers'): readonly string[] {
  return judged.flatMap((one) => [...new Set(one[part])].map((rule) => `${rule} ${one.id}`)).toSorted();
}

function listed(table: typeof CONTRADICTIONS): readonly string[] {
  return table.flatMap(([rule, , ids]) => ids.map((id) => `${rule} ${id}`)).toSorted();
}

describe('the samples of LinkedIn’s API', () => {
  it('are all read and covered', () => {
    expect(problems).toEqual([]);
    expect(judged.length).toBe(88);
    expect(judged.filter(({ covered }) => !covered).map(({ id }) => id)).toEqual([]);
    expect(new Set(judged.map(({ documented }) => documented)).size).toBe(14);
  });

  it.each(judged)('$id reaches $documented', ({ id, documented, reached }) => {
    expect(reached).toBe(UNROUTED.has(id) ? null : documented);
  });

  it('break the rules that the table says, and no others', () => {
    expect(told('requests')).toEqual(listed(CONTRADICTIONS));
  });

  it('are answered against the rules that the table says, and no others', () => {
    expect(told('answers')).toEqual(listed(ANSWERS));
  });
});
