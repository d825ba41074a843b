/** Whatever bytes come, the judges answer: no exception, no endless loop. Seeded, so that a failure comes again. */
import { describe, expect, it } from 'vitest';
import { RULES, type RuleExample } from '../../src/rules/index.ts';
import type { Exchange } from '../../src/transport/exchange.ts';
import { captureFrom } from '../../src/verify/capture.ts';
import { checkRequest } from '../../src/verify/check-request.ts';
import { checkResponse } from '../../src/verify/check-response.ts';
import { exampleContract, exchangeOf, sentOf } from '../rules/example.ts';
import { expected, outcome } from './support.ts';

/** mulberry32 */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  '',
  '%',
  '%2',
  '%zz',
  '%00',
  '(',
  ')',
  ',',
  ':',
  "''",
  '%27%27',
  'List(',
  'List()',
  '()',
  '&',
  '=',
  '?',
  '/',
  '+',
  '[0]',
  '.',
  '\\',
  '"',
  '{',
  '}',
  '[',
  ']',
  'null',
  'true',
  '1e400',
  '-1',
  '9223372036854775808',
  '__proto__',
  'constructor',
  '$set',
  '$params',
  'urn:li:x:1',
  '\ud800',
  '\u0000',
  'é',
  'x'.repeat(3000),
];

function mutate(text: string, random: (below: number) => number): string {
  let out = text;
  for (let n = random(3) + 1; n > 0; n--) {
    const at = random(out.length + 1);
    const piece = PIECES[random(PIECES.length)] ?? '';
    out = out.slice(0, at) + piece + out.slice(at + random(4));
  }
  return out;
}

const examples: readonly RuleExample[] = [...RULES.values()].flatMap(({ keeps, breaks }) => [keeps, breaks]);
const contracts = ['books', 'accounts', 'follows', 'tools', 'notes'].map((name) => exampleContract(name));
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const ROUNDS = 6;

describe('broken input', () => {
  it('in requests is judged without an exception', () => {
    const random = randomFrom(1);
    let judged = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const example of examples) {
        const sent = sentOf(example);
        const request = {
          verb: random(8) === 0 ? mutate(sent.verb, random) : sent.verb,
          target: random(2) === 0 ? mutate(sent.target, random) : sent.target,
          headers: sent.headers.map(
            ([name, value]) => [name, random(6) === 0 ? mutate(value, random) : value] as const,
          ),
          body:
            sent.body === null
              ? null
              : encoder.encode(random(2) === 0 ? mutate(decoder.decode(sent.body), random) : decoder.decode(sent.body)),
        };
        const { violations } = checkRequest(request, contracts, { dialects: new Map() });
        expect(violations.length).toBeLessThanOrEqual(20);
        judged += 1;
      }
    }
    expect(judged).toBeGreaterThan(1500);
  });

  it('in answers is judged and captured from without an exception', () => {
    const random = randomFrom(2);
    const each = outcome({ entity: { $each: { $gt: 1 } }, elements: { $length: 1 }, key: { $type: 'long' } });
    const expectation = expected({
      body: { elements: { $unordered: [{ id: 1 }, 2] }, title: { $regex: '^T' } },
      key: 1,
      each,
    });
    let judged = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const example of examples) {
        if (example.response === undefined) continue;
        const { asked } = checkRequest(sentOf(example), contracts, { dialects: new Map() });
        if (asked === null) continue;
        const exchange = exchangeOf(example);
        const { response } = exchange;
        if (response === null) continue;
        const text = decoder.decode(response.body);
        const mutated: Exchange = {
          ...exchange,
          response: {
            status: random(5) === 0 ? ([0, 99, 200, 204, 301, 400, 599, 999][random(8)] ?? 200) : response.status,
            headers: response.headers.map(
              ([name, value]) => [name, random(5) === 0 ? mutate(value, random) : value] as const,
            ),
            body: encoder.encode(random(3) === 0 ? text : mutate(text, random)),
          },
        };
        const { violations } = checkResponse(asked, mutated, random(2) === 0 ? null : expectation, {
          exchangeIndex: 0,
        });
        expect(violations.length).toBeLessThanOrEqual(20);
        for (const place of ['status', 'key', 'headers/ETag', 'body/a/0', 'each/0/key', 'each/x/entity'])
          captureFrom(asked, mutated, place);
        judged += 1;
      }
    }
    expect(judged).toBeGreaterThan(500);
  });

  it('of any shape in every envelope is judged without an exception', () => {
    const shapes = [
      'null',
      '1',
      '"x"',
      '[]',
      '{}',
      '[null]',
      '{"elements":null}',
      '{"elements":[null,1,"x",[],{}]}',
      '{"results":null,"errors":null}',
      '{"results":{"1":null,"":{},"x":[]},"errors":{"1":null}}',
      '{"value":null}',
      '{"paging":[]}',
      '{"elements":[],"paging":{"links":[null]},"metadata":1}',
      '{"elements":[{"isError":1,"error":null,"elements":{}}]}',
      '{"results":{"1":{"status":"204","error":1,"entity":[]}},"errors":{}}',
    ];
    const seen = new Set<string>();
    for (const example of examples) {
      const { asked } = checkRequest(sentOf(example), contracts, { dialects: new Map() });
      const operation = `${asked?.contract.resource} ${asked?.operation?.pointer}`;
      if (asked === null || seen.has(operation)) continue;
      seen.add(operation);
      for (const shape of shapes) {
        for (const status of [200, 201, 204, 404]) {
          const exchange: Exchange = {
            request: { ...sentOf(example), origin: 'http://x' },
            response: { status, headers: [], body: encoder.encode(shape) },
            failure: null,
            durationMs: 0,
          };
          expect(
            checkResponse(asked, exchange, expected({ each: outcome() }), { exchangeIndex: 0 }).checks,
          ).toBeGreaterThan(0);
        }
      }
    }
  });
});
