import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGlob } from '../../src/plan/glob.ts';
import { RULES } from '../../src/rules/index.ts';
import { laidOver } from './contracts.ts';
import { readDisagreements } from './disagreements.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { startGateway } from './gateway.ts';

/** Says what reached it. */
let echo: Server;
let upstream: string;

beforeAll(async () => {
  echo = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
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

describe('what is laid over a converted contract', () => {
  it('merges members, replaces lists and schemas, and takes away what is null', () => {
    const below = { a: { b: 1, c: [1] }, entity: { $ref: './x.json' }, gone: 1, GET: null };
    const over = { a: { c: [2] }, entity: { type: 'object' }, gone: null, GET: { doc: 'x' } };
    expect(laidOver(below, over)).toEqual({ a: { b: 1, c: [2] }, entity: { type: 'object' }, GET: { doc: 'x' } });
  });
});

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../docs/interop.md'), 'utf8');

describe.each(readDisagreements())('disagreement $id', ({ id, cases, rules, exchange, why, source }) => {
  it('stands in docs/interop.md', () => {
    expect(PAGE).toContain(`| \`${id}\``);
  });

  it('names rules of the catalogue, cases by globs, and the exchange', () => {
    for (const rule of rules) expect(RULES.has(rule), rule).toBe(true);
    for (const glob of cases) expect(parseGlob(glob)).not.toBeTypeOf('string');
    expect(exchange).toMatch(/^> [A-Z]+ \/.*\n(.*\n)*< \d{3}/);
    expect(`${why}${source}`.length).toBeGreaterThan(20);
  });
});
