/** Servers that are right in an unusual way keep the laws; servers that are wrong in a quiet way do not. */
import { describe, expect, it } from 'vitest';
import { LAWS } from '../../src/laws/index.ts';
import { serveContracts } from '../../src/mock/index.ts';
import { planCases } from '../../src/plan/plan.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { isJsonObject, parseJson, stringifyJson, type Json, type JsonObject } from '../../src/protocol/json.ts';
import { ruleOf } from '../../src/rules/index.ts';
import { startGateway, type Answered, type Forwarded, type GatewayFault } from '../interop/gateway.ts';
import { rooms } from '../mock/library.ts';
import { runOf, target } from '../run/support.ts';
import { traceOf } from './trace.ts';

type Quirk = Pick<GatewayFault, 'request' | 'response' | 'reach'>;

/** The rules of level must that the laws find broken on a service with that quirk. */
async function brokenBy(quirk: Quirk): Promise<readonly string[]> {
  const mock = await serveContracts([rooms]);
  const gateway = await startGateway(mock.url, { name: 'quirk', how: 'a service of its own kind', ...quirk });
  try {
    const endpoint = target(gateway.baseUrl, { writes: true, seeded: true });
    const { cases } = await runOf(rooms, { groups: ['laws'], target: endpoint });
    expect(cases.some(({ verdict }) => verdict === 'pass')).toBe(true);
    const found = cases.flatMap(({ violations }) => violations.filter(({ level }) => level === 'must'));
    return [...new Set(found.map(({ rule }) => rule))];
  } finally {
    await gateway.stop();
    await mock.close();
  }
}

/** An answer of JSON with its body changed. */
const retold =
  (change: (body: JsonObject, asked: Forwarded) => Json) =>
  (response: Answered, asked: Forwarded): Answered => {
    const parsed = parseJson(response.body.toString());
    if (response.status >= 300 || !('value' in parsed) || !isJsonObject(parsed.value)) return response;
    return { ...response, body: Buffer.from(stringifyJson(change(parsed.value, asked))) };
  };

/** Every entity of a body, which is a record with a name, changed. */
function mapEntities(value: Json, change: (entity: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((item: Json) => mapEntities(item, change));
  if (!isJsonObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapEntities(one, change)]));
  return typeof value['name'] === 'string' ? change(inner) : inner;
}

const linksOf = (body: JsonObject, change: (link: JsonObject) => JsonObject | null): Json => {
  const { paging } = body;
  if (!isJsonObject(paging) || !Array.isArray(paging['links'])) return body;
  const links = paging['links'].flatMap((link: Json) => (isJsonObject(link) ? (change(link) ?? []) : []));
  return { ...body, paging: { ...paging, links } };
};

let reads = 0;
const RIGHT: Readonly<Record<string, Quirk>> = {
  'says when each entity was read': {
    response: retold((body) =>
      mapEntities(body, (entity) => ({
        ...entity,
        readAt: (reads += 1),
        ...(isJsonObject(entity['size']) ? { size: { ...entity['size'], measured: reads } } : {}),
      })),
    ),
  },
  'answers 200 where others answer 204': {
    response: (response) => (response.status === 204 ? { ...response, status: 200 } : response),
  },
  'knows no total': {
    response: retold((body) => {
      const { paging } = body;
      if (!isJsonObject(paging)) return body;
      const { start = 0, count = 0, links = [] } = paging;
      return { ...body, paging: { start, count, links } };
    }),
  },
  'links by absolute addresses': {
    response: retold((body) =>
      linksOf(body, (link) => ({
        ...link,
        href: typeof link['href'] === 'string' ? `https://rooms.example${link['href']}` : null,
      })),
    ),
  },
  'leaves missing keys out of both maps': {
    response: retold((body, { verb }) =>
      verb === 'GET' && isJsonObject(body['errors']) ? { ...body, errors: {} } : body,
    ),
  },
  'removes later what it was asked to': {
    reach: async (request, send) => {
      if (request.verb !== 'DELETE' || request.target.includes('ids=')) return send(request);
      const found = await send({
        ...request,
        verb: 'GET',
        headers: request.headers.filter(([name]) => !/method/i.test(name)),
      });
      if (found.status !== 200) return found;
      setTimeout(() => void send(request).catch(() => undefined), 20);
      return { status: 202, headers: [], body: Buffer.alloc(0) };
    },
  },
};

describe('a server that', () => {
  it.each(Object.entries(RIGHT))(
    '%s keeps every law',
    async (_, quirk) => {
      expect(await brokenBy(quirk)).toEqual([]);
    },
    60_000,
  );

  it('does what it refuses breaks the law for each method that its header does not select', async () => {
    const mock = await serveContracts([rooms], { faults: ['acts-before-it-refuses'] });
    const { cases } = await runOf(rooms, {
      groups: ['laws'],
      target: target(mock.url, { writes: true, seeded: true }),
    });
    await mock.close();
    const methods = cases
      .filter(({ violations }) => violations.some(({ rule }) => rule === 'laws/refused-changes-nothing'))
      .map(({ method }) => method ?? '')
      .toSorted((one, other) => one.localeCompare(other));
    expect(methods).toEqual([
      'BATCH_DELETE',
      'BATCH_PARTIAL_UPDATE',
      'BATCH_UPDATE',
      'CREATE',
      'DELETE',
      'PARTIAL_UPDATE',
      'UPDATE',
    ]);
  }, 60_000);
});

describe('the laws on a service', () => {
  const { cases } = planCases([rooms], {
    groups: ['laws'],
    target: { name: 'service', live: true, seeded: false, writes: true },
    dialectOf: () => DIALECTS.restli,
  });
  const law = (name: string) => cases.filter(({ id }) => id.endsWith(`/laws/${name}`));

  it('write two entities of their own in each batch, and read both back', () => {
    const batches = law('batch-writes-each');
    expect(batches.map(({ method }) => method)).toEqual(['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE']);
    for (const { steps } of batches) {
      expect(steps.filter(({ setup }) => setup === true).map(({ spec }) => spec.method)).toEqual(['CREATE', 'CREATE']);
      const write = steps.find(({ spec }) => spec.method.startsWith('BATCH_'));
      expect(write?.spec.entities ?? write?.spec.ids).toHaveLength(2);
      expect(steps.filter(({ spec }) => spec.method === 'GET')).toHaveLength(4);
    }
  });

  it('give created keys every reserved character, and beyond ASCII where no header has to carry them', () => {
    const names = law('keys-keep-every-character').map(({ steps }) => {
      const { entity, elements } = steps.find(({ spec }) => spec.method.endsWith('CREATE'))?.spec ?? {};
      return stringifyJson(entity ?? elements?.[0] ?? null);
    });
    expect(names).toHaveLength(2);
    for (const name of names) for (const char of ":/?#[]@!$&'()*+,;=% ") expect(name).toContain(char);
    expect(names.map((name) => name.includes('☺'))).toEqual([false, true]);
  });
});

describe('a write that is answered 202', () => {
  const rule = 'laws/deleted-is-gone';
  const broken = traceOf(ruleOf(rule).breaks);
  const law = LAWS.find((one) => one.rule === rule);

  it('is not done yet, so what is read meanwhile breaks nothing', () => {
    expect(law?.check(broken)).toHaveLength(1);
    expect(law?.check(broken.map((entry, index) => (index === 0 ? { ...entry, status: 202 } : entry)))).toEqual([]);
  });

  it('excuses no fault of the server', () => {
    const failing = broken.map((entry, index) => ({ ...entry, status: index === 0 ? 202 : 500 }));
    expect(law?.check(failing)).toMatchObject([{ rule, actual: '500' }]);
  });
});
