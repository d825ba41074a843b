/**
 * Broken input against servers: strict, lenient, of other makes. What each level means is what these servers do.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { createMock, type Mock } from '../../src/mock/mock.ts';
import { RULE_HEADER } from '../../src/mock/understand-strict.ts';
import { parseJson, type Json } from '../../src/protocol/json.ts';
import { headerOf, type HttpRequest, type HttpResponse } from '../../src/transport/exchange.ts';
import { LIBRARY } from '../mock/library.ts';
import { TROUBLED } from './negative-contracts.ts';
import { tryNegative, type Tried } from './negative-trial.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../contracts');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const files = new Map(
  readdirSync(path.join(FOLDER, 'schemas')).map((name): [string, Json] => {
    const parsed = parseJson(read(`schemas/${name}`));
    return [`./schemas/${name}`, 'value' in parsed ? parsed.value : null];
  }),
);
const SHIPPED: readonly Contract[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.contract.yaml'))
  .flatMap((name) => parseContract(read(name), { file: name, files }).contract ?? []);

const rulesOf = (tried: readonly Tried[]): readonly string[] => [
  ...new Set(tried.flatMap(({ findings }) => findings.map(({ rule }) => rule))),
];

const answered = (status: number, headers: HttpResponse['headers'] = [], body = ''): HttpResponse => ({
  status,
  headers,
  body: new TextEncoder().encode(body),
});

describe.each(['2.0.0', '1.0.0'] as const)('broken input in protocol %s', (protocol) => {
  const sets: readonly (readonly [string, readonly Contract[]])[] = [
    ['the library', LIBRARY],
    ['contracts with a place for every fault', TROUBLED],
    ['the shipped contracts', SHIPPED],
  ];

  it.each(sets)(
    'of %s is refused by the strict endpoint, but for what is only ignored',
    (_, contracts) => {
      const tried = tryNegative(contracts, { protocol });
      expect(tried.length).toBeGreaterThan(500);
      expect(rulesOf(tried)).toEqual(['negative/advised']);
    },
    30_000,
  );

  it.each(sets)(
    'of %s breaks no rule of level must on the open-source server',
    (_, contracts) => {
      expect(rulesOf(tryNegative(contracts, { protocol, mode: 'oss' })).toSorted()).toEqual([
        'negative/advised',
        'negative/validated',
      ]);
    },
    30_000,
  );

  it('is refused with any seed', () => {
    for (const seed of [2, 3, 5, 8])
      expect(rulesOf(tryNegative(TROUBLED, { protocol, seed }))).toEqual(['negative/advised']);
  }, 60_000);
});

describe('a server that', () => {
  const first = (answer: HttpResponse): readonly Tried[] => tryNegative(TROUBLED, { answer: () => answer });

  it('takes everything fails every case, by the rule of its fault', () => {
    for (const { id, findings } of first(answered(200))) expect([id, findings.length]).toEqual([id, 1]);
  });

  it('redirects everything to a sign-in fails every case, and the message says where to', () => {
    const tried = first(answered(302, [['Location', '/login']]));
    expect(tried.filter(({ findings }) => findings.length === 0)).toEqual([]);
    expect(tried[0]?.findings[0]?.actual).toBe('302 to /login');
  });

  it('answers 404 to everything is believed where a path or a key is wrong, nowhere else', () => {
    const believed = first(answered(404)).filter(({ findings }) => findings.length === 0);
    const kinds = new Set(believed.map(({ id }) => id.split('/').at(-1) ?? ''));
    expect(believed.length).toBeGreaterThan(50);
    for (const kind of ['no-body', 'misses-title', 'bad-escape', 'type-of-title', 'ids-differ', 'batch-too-large'])
      expect(kinds).not.toContain(kind);
    for (const kind of ['key-type', 'verb-patch', 'unknown-name']) expect(kinds).toContain(kind);
  });

  it.each([500, 503, 409, 418])('answers %i to everything fails nearly every case', (status) => {
    const tried = first(answered(status));
    const failed = tried.filter(({ findings }) => findings.length > 0);
    expect(failed.length / tried.length).toBeGreaterThan(0.9);
  });

  it('answers 400 to everything passes, and 422 where schemas and parameters are wrong', () => {
    expect(rulesOf(first(answered(400)))).toEqual([]);
    const wrong = first(answered(422)).filter(({ findings }) => findings.length > 0);
    expect(wrong.map(({ id }) => id).filter((id) => /misses-|type-of-|symbol-of-/.test(id))).toEqual([]);
    expect(wrong.map(({ id }) => id)).toContain('songs/GET/negative/verb-patch');
  });

  it('answers a batch with 200 and passes over the item at fault fails', () => {
    const body = '{"results":{},"errors":{}}';
    const tried = tryNegative(TROUBLED, { answer: () => answered(200, [], body) });
    const kept = tried.filter(({ findings }) => findings.length === 0).map(({ id }) => id);
    expect(kept).toEqual([]);
  });

  it('says which statuses it should have answered', () => {
    const { findings } = first(answered(201)).find(({ id }) => id === 'songs/CREATE/negative/misses-title')!;
    expect(findings).toMatchObject([
      { rule: 'negative/validated', expected: 'a refusal: 400 or 422', actual: '201', where: 'status' },
    ]);
    expect(findings[0]?.message).toContain('lacks the required member title');
  });
});

/** The strict endpoint, which lets requests pass that break one rule, as if they were right. */
function forgiving(rule: string, contracts: readonly Contract[]): (request: HttpRequest) => HttpResponse {
  const strict: Mock = createMock(contracts, {});
  return (request) => {
    strict.reset();
    const response = strict.answer(request);
    const told = new TextDecoder().decode(response.body);
    const isItem = response.status === 200 && told.includes(rule);
    return headerOf(response.headers, RULE_HEADER) === rule || isItem ? answered(200, [], '{}') : response;
  };
}

describe('a fault that is let pass', () => {
  it.each([
    ['routing/patch-verb', 'negative/refused', 'songs/GET/negative/verb-patch'],
    ['routing/no-method', 'negative/refused', 'songs/FINDER/negative/search/verb-put'],
    ['routing/two-parameters', 'negative/refused', 'songs/BATCH_GET/negative/ids-beside-q'],
    ['routing/key-with-parameter', 'negative/refused', 'songs/GET/negative/key-beside-ids'],
    ['routing/action-level', 'negative/refused', 'songs/ACTION/negative/rate/without-key'],
    ['routing/undeclared-operation', 'negative/refused', 'songs/FINDER/negative/search/unknown-name'],
    ['headers/content-type-wrong', 'negative/refused', 'songs/CREATE/negative/content-type-malformed'],
    ['headers/accept-unsupported', 'negative/advised', 'songs/GET/negative/accept-unsupported'],
    ['encoding/query-syntax', 'negative/refused', 'songs/FINDER/negative/search/bad-escape'],
    ['encoding/query-syntax', 'negative/refused', 'songs/FINDER/negative/search/cut-escape'],
    ['encoding/query-syntax', 'negative/refused', 'songs/BATCH_GET/negative/unclosed-list'],
    ['encoding/raw-delimiter-in-value', 'negative/refused', 'songs/FINDER/negative/search/raw-delimiter'],
    ['encoding/path-syntax', 'negative/validated', 'songs/GET/negative/path-bad-escape'],
    ['encoding/path-syntax', 'negative/refused', 'follows/GET/negative/path-unclosed-key'],
    ['encoding/mask-syntax', 'negative/refused', 'songs/GET/negative/bad-mask'],
    ['keys/type', 'negative/refused', 'songs/GET/negative/key-type'],
    ['keys/type', 'negative/refused', 'songs/UPDATE/negative/key-range'],
    ['keys/type', 'negative/refused', 'follows/GET/negative/key-type-of-group'],
    ['keys/type', 'negative/validated', 'follows/GET/negative/key-type-of-person'],
    ['keys/type', 'negative/validated', 'seats/GET/negative/key-type-of-number'],
    ['keys/type', 'negative/validated', 'seats/GET/negative/parent-type-of-hall'],
    ['keys/parts', 'negative/refused', 'follows/DELETE/negative/key-unknown-part'],
    ['keys/parts', 'negative/validated', 'seats/GET/negative/key-misses-row'],
    ['keys/parts', 'negative/validated', 'seats/UPDATE/negative/key-unknown-part'],
    ['keys/parts', 'negative/refused', 'follows/BATCH_UPDATE/negative/ids-unknown-part'],
    ['keys/parts', 'negative/refused', 'follows/FINDER/negative/ofGroup/list-without-parts'],
    ['keys/ids-type', 'negative/refused', 'songs/BATCH_DELETE/negative/ids-type'],
    ['keys/ids-type', 'negative/refused', 'songs/BATCH_UPDATE/negative/ids-type'],
    ['batch/keys-differ', 'negative/refused', 'songs/BATCH_UPDATE/negative/ids-differ'],
    ['batch/keys-differ', 'negative/refused', 'songs/BATCH_PARTIAL_UPDATE/negative/ids-empty'],
    ['batch/keys-differ', 'negative/refused', 'follows/BATCH_UPDATE/negative/ids-more'],
    ['batch/too-large', 'negative/validated', 'songs/BATCH_GET/negative/batch-too-large'],
    ['batch/too-large', 'negative/validated', 'songs/BATCH_CREATE/negative/batch-too-large'],
    ['batch/too-large', 'negative/validated', 'songs/BATCH_UPDATE/negative/batch-too-large'],
    ['batch/too-large', 'negative/validated', 'songs/BATCH_PARTIAL_UPDATE/negative/batch-too-large'],
    ['batch/too-large', 'negative/validated', 'songs/BATCH_DELETE/negative/batch-too-large'],
    ['batch/too-large', 'negative/validated', 'songs/BATCH_FINDER/negative/many/batch-too-large'],
    ['batch/too-large', 'negative/validated', 'follows/BATCH_DELETE/negative/batch-too-large'],
    ['params/missing', 'negative/refused', 'songs/FINDER/negative/search/misses-genre'],
    ['params/missing', 'negative/validated', 'songs/BATCH_FINDER/negative/many/misses-genre'],
    ['params/missing', 'negative/refused', 'songs/ACTION/negative/rate/misses-stars'],
    ['params/type', 'negative/validated', 'songs/FINDER/negative/search/symbol-of-genre'],
    ['params/type', 'negative/validated', 'songs/FINDER/negative/search/type-of-live'],
    ['params/type', 'negative/refused', 'songs/FINDER/negative/search/type-of-years'],
    ['params/type', 'negative/validated', 'songs/FINDER/negative/search/type-of-years.0'],
    ['params/type', 'negative/refused', 'songs/FINDER/negative/search/type-of-price'],
    ['params/type', 'negative/validated', 'songs/FINDER/negative/search/misses-price.amount'],
    ['params/type', 'negative/validated', 'songs/FINDER/negative/search/pattern-of-code'],
    ['params/type', 'negative/validated', 'songs/BATCH_FINDER/negative/many/symbol-of-genre'],
    ['params/type', 'negative/validated', 'songs/BATCH_FINDER/negative/many/type-of-live'],
    ['params/type', 'negative/validated', 'songs/BATCH_FINDER/negative/many/minimum-of-year'],
    ['params/type', 'negative/validated', 'songs/BATCH_FINDER/negative/many/criterion-no-record'],
    ['params/criteria-missing', 'negative/refused', 'songs/BATCH_FINDER/negative/many/without-criteria'],
    ['params/paging-value', 'negative/refused', 'songs/FINDER/negative/search/negative-count'],
    ['params/paging-value', 'negative/advised', 'songs/FINDER/negative/search/count-too-large'],
    ['params/return-entity-value', 'negative/refused', 'songs/CREATE/negative/return-entity-neither'],
    ['request-body/missing', 'negative/refused', 'songs/UPDATE/negative/no-body'],
    ['request-body/not-json', 'negative/refused', 'songs/CREATE/negative/body-no-json'],
    ['request-body/not-json', 'negative/validated', 'songs/CREATE/negative/body-no-utf-8'],
    ['request-body/envelope', 'negative/refused', 'songs/CREATE/negative/body-is-list'],
    ['request-body/envelope', 'negative/validated', 'songs/BATCH_UPDATE/negative/no-envelope'],
    ['request-body/schema', 'negative/refused', 'songs/ACTION/negative/rate/type-of-stars'],
    ['request-body/schema', 'negative/validated', 'songs/ACTION/negative/rate/symbol-of-genre'],
    ['request-body/schema', 'negative/refused', 'songs/ACTION/negative/rate/type-of-public'],
    ['request-body/schema', 'negative/refused', 'songs/ACTION/negative/rate/type-of-price'],
    ['request-body/schema', 'negative/validated', 'songs/ACTION/negative/rate/maximum-of-stars'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/misses-title'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/misses-price.amount'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/type-of-tags.0'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/few-items-of-tags'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/many-items-of-tags'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/item-twice-of-tags'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/symbol-of-labels.de'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/pattern-of-price.currency'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/step-of-price.amount'],
    ['request-body/schema', 'negative/validated', 'songs/CREATE/negative/unknown-price.noSuchMember'],
    ['request-body/schema', 'negative/validated', 'songs/UPDATE/negative/two-members-of-source'],
    ['request-body/schema', 'negative/validated', 'songs/UPDATE/negative/other-member-of-source'],
    ['request-body/schema', 'negative/validated', 'songs/BATCH_UPDATE/negative/misses-title'],
    ['request-body/schema', 'negative/validated', 'songs/BATCH_CREATE/negative/length-limit-of-title'],
    ['request-body/union-member', 'negative/validated', 'songs/CREATE/negative/type-of-source'],
    ['request-body/schema', 'negative/validated', 'songs/PARTIAL_UPDATE/negative/set-type-of-title'],
    ['request-body/schema', 'negative/validated', 'songs/PARTIAL_UPDATE/negative/set-symbol-of-genre'],
    ['request-body/schema', 'negative/validated', 'songs/BATCH_PARTIAL_UPDATE/negative/set-type-of-tags.0'],
    ['patch/wrapper-missing', 'negative/validated', 'songs/PARTIAL_UPDATE/negative/patch-unwrapped'],
    ['patch/wrapper-missing', 'negative/validated', 'songs/BATCH_PARTIAL_UPDATE/negative/patch-unwrapped'],
    ['patch/unknown-operator', 'negative/validated', 'songs/BATCH_PARTIAL_UPDATE/negative/unknown-command'],
    ['patch/conflict', 'negative/validated', 'songs/PARTIAL_UPDATE/negative/set-and-delete'],
    ['patch/conflict', 'negative/validated', 'follows/BATCH_PARTIAL_UPDATE/negative/set-and-delete'],
    ['patch/shape', 'negative/validated', 'songs/PARTIAL_UPDATE/negative/delete-no-list'],
    ['patch/deletes-required', 'negative/validated', 'songs/BATCH_PARTIAL_UPDATE/negative/deletes-title'],
  ])('breaking %s is found by %s, in %s', (forgiven, rule, id) => {
    const tried = tryNegative(TROUBLED, { answer: forgiving(forgiven, TROUBLED), only: id });
    expect(tried.map(({ findings }) => findings.map((finding) => finding.rule))).toEqual([[rule]]);
  });

  it.each([
    'songs/CREATE/negative/read-only-id',
    'songs/CREATE/negative/read-only-stats.plays',
    'songs/UPDATE/negative/read-only-id',
    'songs/UPDATE/negative/create-only-isrc',
    'songs/PARTIAL_UPDATE/negative/set-read-only-id',
    'songs/PARTIAL_UPDATE/negative/set-read-only-stats.plays',
    'songs/BATCH_PARTIAL_UPDATE/negative/set-create-only-isrc',
  ])('where servers only ignore it is advised against, in %s', (id) => {
    const tried = tryNegative(TROUBLED, { only: id });
    expect(tried.map(({ findings }) => findings.map(({ rule }) => rule))).toEqual([['negative/advised']]);
  });
});
