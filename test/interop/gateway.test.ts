import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/plan/glob.ts';
import { RULES } from '../../src/rules/index.ts';
import { laidOver } from './contracts.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { judgeTrial, type FailedCase } from './gateway-trial.ts';
import { startGateway, type GatewayFault } from './gateway.ts';

/** Says what reached it, and for a batch what it holds: keys below 1000. */
let echo: Server;
/** What reached it, in order. */
let reached: string[] = [];
let upstream: string;

beforeAll(async () => {
  echo = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      reached.push(`${request.method} ${request.url}`);
      response.writeHead(request.method === 'POST' ? 201 : 200, { 'Content-Type': 'application/json' });
      const ids = /[?&]ids=List\((.*)\)$/.exec(request.url ?? '')?.[1]?.split(',');
      if (ids !== undefined && ids.length > 2) {
        const half = (isKnown: boolean): object =>
          Object.fromEntries(ids.filter((id) => Number(id) < 1000 === isKnown).map((id) => [id, {}]));
        response.end(JSON.stringify({ results: half(true), errors: half(false) }));
        return;
      }
      const method = request.headers['x-restli-method'] ?? null;
      const body = Buffer.concat(chunks).toString();
      response.end(
        `{"verb":"${request.method}","target":"${request.url}","method":${JSON.stringify(method)},"body":${JSON.stringify(body)},"long":9007199254740993}`,
      );
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  upstream = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => echo.close(resolve)));

async function through(name: string, target: string, verb = 'GET', body: string | null = null): Promise<string> {
  const fault = GATEWAY_FAULTS.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  const gateway = await startGateway(upstream, fault);
  reached = [];
  try {
    const response = await fetch(gateway.baseUrl + target, {
      method: verb,
      body,
      headers: { 'X-RestLi-Method': 'FINDER' },
    });
    return await response.text();
  } finally {
    await gateway.stop();
  }
}

describe('the gateway', () => {
  it('has at least twenty faults that change something, and some that do not', () => {
    expect(GATEWAY_FAULTS.filter(({ harmless }) => harmless === undefined).length).toBeGreaterThanOrEqual(20);
    expect(GATEWAY_FAULTS.filter(({ harmless }) => harmless !== undefined).length).toBeGreaterThanOrEqual(5);
    expect(new Set(GATEWAY_FAULTS.map(({ name }) => name)).size).toBe(GATEWAY_FAULTS.length);
  });

  it.each([
    ['nothing', '/a%2Fb?x=List(1,2)', 'GET', '"target":"/a%2Fb?x=List(1,2)"'],
    ['method-header-stripped', '/a', 'GET', '"method":null'],
    ['put-into-post', '/a', 'PUT', '"verb":"POST"'],
    ['path-lower-cased', '/aB?C=D', 'GET', '"target":"/ab?C=D"'],
    ['path-decoded', '/a%3Ab', 'GET', '"target":"/a:b"'],
    ['query-dropped', '/a?b=c', 'GET', '"target":"/a"'],
    ['query-encoded-again', '/a?ids=List(1,2)', 'GET', 'ids=List%281%2C2%29'],
    ['query-space-into-plus', '/a?b=c%20d', 'GET', 'b=c+d'],
    ['body-through-doubles', '/a', 'GET', '"long":9007199254740992'],
    ['numbers-as-texts', '/a', 'GET', '"long":"9007199254740992"'],
  ])('%s: %s', async (name, target, verb, expected) => {
    expect(await through(name, target, verb)).toContain(expected);
  });
});

describe('a gateway that asks the server more than once', () => {
  it('sends a POST that it takes for lost a second time, and nothing else', async () => {
    await through('create-repeated', '/a', 'POST', '{}');
    expect(reached).toEqual(['POST /a', 'POST /a']);
    await through('create-repeated', '/a', 'PUT', '{}');
    expect(reached).toEqual(['PUT /a']);
  });

  const KEYS = Array.from({ length: 120 }, (_, i) => String(i + 900_000_000_000 * (i % 2)));
  const LONG = `/a?x=(y:1,z:2)&padding=${'p'.repeat(500)}&ids=List(${KEYS.join(',')})`;
  const answered = async (name: string): Promise<{ results: object; errors: object }> =>
    JSON.parse(await through(name, LONG)) as { results: object; errors: object };

  it('splits a long batch, and joins what comes back or does not', async () => {
    const whole = await answered('long-batch-split-and-joined');
    expect(reached).toHaveLength(3);
    expect(new Set(reached.flatMap((target) => target.slice(target.lastIndexOf('(') + 1, -1).split(',')))).toEqual(
      new Set(KEYS),
    );
    expect(Object.keys({ ...whole.results, ...whole.errors })).toHaveLength(120);

    const results = await answered('long-batch-split-first-results-kept');
    expect([results.results, results.errors].map((map) => Object.keys(map).length)).toEqual([25, 60]);
    const first = await answered('long-batch-split-first-answer-kept');
    expect([first.results, first.errors].map((map) => Object.keys(map).length)).toEqual([25, 25]);
  });

  it('leaves a short batch whole', async () => {
    await through('long-batch-split-and-joined', '/a?ids=List(1,2)');
    expect(reached).toEqual(['GET /a?ids=List(1,2)']);
  });
});

describe('the trial of a fault', () => {
  const FAULT: GatewayFault = { name: 'f', how: 'breaks', caught: [{ rule: 'create/id-missing', in: '*/CREATE/**' }] };
  const failed = (id: string, rule: string): FailedCase => ({
    id,
    attempts: [
      {
        exchanges: [
          {
            step: null,
            request: { verb: 'POST', url: 'http://127.0.0.1:1/a', headers: [], body: null },
            response: null,
            failure: null,
            durationMs: 0,
          },
        ],
      },
    ],
    violations: [
      {
        rule,
        level: 'must',
        where: 'header',
        pointer: null,
        header: null,
        key: null,
        expected: '',
        actual: '',
        message: `of ${rule}`,
        exchange: 0,
        hint: null,
        at: null,
        fingerprint: '',
      },
    ],
  });

  it('is passed when the rule that must find it does, and shows what that rule says', () => {
    const found = [failed('a/CREATE/x', 'status/not-success'), failed('a/CREATE/y', 'create/id-missing')];
    expect(judgeTrial(FAULT, found)).toEqual({
      isRight: true,
      text: 'f (breaks): 2 cases, by create/id-missing 1\n    a/CREATE/y: create/id-missing: POST /a: of create/id-missing',
    });
  });

  it('is not passed by another rule, another place or no failure', () => {
    for (const found of [[], [failed('a/CREATE/x', 'status/not-success')], [failed('a/GET/x', 'create/id-missing')]])
      expect(judgeTrial(FAULT, found)).toMatchObject({
        isRight: false,
        text: expect.stringContaining('not found by') as string,
      });
  });

  it('is not passed by a harmless gateway that raises an alarm', () => {
    const harmless: GatewayFault = { name: 'f', how: 'forwards', harmless: 'it forwards' };
    expect(judgeTrial(harmless, []).isRight).toBe(true);
    expect(judgeTrial(harmless, [failed('a/GET/x', 'status/not-success')]).isRight).toBe(false);
  });
});

describe.each(GATEWAY_FAULTS)('gateway fault $name', ({ harmless, caught }) => {
  it('is harmless, or names the rules of the catalogue that must find it, and where', () => {
    expect(harmless === undefined).toBe(caught !== undefined && caught.length > 0);
    for (const { rule, in: glob } of caught ?? []) {
      expect(RULES.has(rule), rule).toBe(true);
      expect(parseGlob(glob)).not.toBeTypeOf('string');
      expect(glob).not.toBe('**');
    }
  });
});

describe('what is laid over a converted contract', () => {
  it('merges members, replaces lists and schemas, and takes away what is null', () => {
    const below = { a: { b: 1, c: [1] }, entity: { $ref: './x.json' }, gone: 1, GET: null };
    const over = { a: { c: [2] }, entity: { type: 'object' }, gone: null, GET: { doc: 'x' } };
    expect(laidOver(below, over)).toEqual({ a: { b: 1, c: [2] }, entity: { type: 'object' }, GET: { doc: 'x' } });
  });
});
