/** The laws on actions: at both levels, on those that write, and on those whose answers do not hold still. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { LAWS } from '../../src/laws/index.ts';
import { planCases } from '../../src/plan/plan.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { parseJson } from '../../src/protocol/json.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { EMBEDDED_TARGET } from '../../src/run/options.ts';
import { request, response } from '../../src/rules/http-text.ts';
import { exchanges, type ExampleExchange } from '../../src/rules/law-examples.ts';
import { runOf } from '../run/support.ts';
import { contractOf } from '../support/contract.ts';
import { traceOf } from './trace.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../contracts');

function shipped(name: string): Contract {
  const files = new Map(
    readdirSync(path.join(FOLDER, 'schemas')).map((file) => {
      const parsed = parseJson(readFileSync(path.join(FOLDER, 'schemas', file), 'utf8'));
      if (!('value' in parsed)) throw new Error(`contracts/schemas/${file} is not JSON`);
      return [`./schemas/${file}`, parsed.value] as const;
    }),
  );
  const file = `${name}.contract.yaml`;
  const { contract } = parseContract(readFileSync(path.join(FOLDER, file), 'utf8'), { file, files });
  if (contract === null) throw new Error(`contracts/${file} is no contract`);
  return contract;
}

const photos = shipped('photos');
const insights = shipped('targetingAudienceInsights');

async function actionsOn(contracts: readonly Contract[], faults: readonly string[] = []) {
  const options = { groups: ['laws' as const], faults, inProcess: true, target: EMBEDDED_TARGET };
  return (await runOf(contracts, options)).cases.filter(({ method }) => method === 'ACTION');
}

/** `photos previewUrl`, once for each action of a case with that verdict. */
function actionsIn(cases: readonly CaseFinished[], rule: string, verdict: 'pass' | 'fail'): readonly string[] {
  return cases.flatMap((one) => {
    const [resource, , , action] = one.id.split('/');
    const isOfRule = one.id.endsWith(`/${rule.slice('laws/'.length)}`);
    return isOfRule && one.verdict === verdict ? [`${resource} ${action}`] : [];
  });
}

const AT_COLLECTION = ['photos countByFormat', 'targetingAudienceInsights audienceInsights'];
const AT_ENTITY = ['photos previewUrl'];

const TRIPPED_ON_ACTIONS = [
  ['laws/read-only-action-writes-nothing', 'read-only-action-writes'],
  ['laws/action-parameters-have-no-order', 'action-parameters-by-place'],
  ['laws/action-defaults-stand-in', 'action-defaults-ignored'],
  ['laws/action-needs-no-body', 'action-body-demanded'],
  ['laws/escapes-are-free', 'escaped-letters-kept'],
  ['laws/header-names-have-no-case', 'header-names-case-sensitive'],
] as const;

describe.each(TRIPPED_ON_ACTIONS)('law %s on actions', (rule, fault) => {
  it('is kept by one on the collection and by one on an entity', async () => {
    const kept = actionsIn(await actionsOn([photos, insights]), rule, 'pass');
    expect(kept.filter((one) => AT_COLLECTION.includes(one))).not.toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(AT_ENTITY));
  });

  it(`is tripped on both by ${fault}`, async () => {
    const failed = actionsIn(await actionsOn([photos, insights], [fault]), rule, 'fail');
    expect(failed.filter((one) => AT_COLLECTION.includes(one))).not.toEqual([]);
    expect(failed).toEqual(expect.arrayContaining(AT_ENTITY));
  });
});

describe('law laws/tunnelled-is-plain on actions', () => {
  it('is tripped where the body is lost that travels beside the query', async () => {
    const cases = await actionsOn([insights], ['tunnelled-body-lost']);
    expect(actionsIn(cases, 'laws/tunnelled-is-plain', 'fail')).toEqual([
      'targetingAudienceInsights audienceInsights',
      'targetingAudienceInsights audienceCount',
    ]);
  });
});

describe('law laws/refused-changes-nothing on actions', () => {
  it('is about an action that writes to an entity, and is tripped where it acts before it refuses', async () => {
    const rule = 'laws/refused-changes-nothing';
    expect(actionsIn(await actionsOn([photos]), rule, 'pass')).toEqual(['photos retitle']);
    const cases = await actionsOn([photos], ['acts-before-it-refuses']);
    expect(actionsIn(cases, rule, 'fail')).toEqual(['photos retitle']);
    expect(cases.flatMap(({ violations }) => violations).find((one) => one.rule === rule)).toMatchObject({
      pointer: '/title',
      message: expect.stringContaining('An ACTION that was refused with 400 changed the entity') as string,
    });
  });
});

describe('an action on a service', () => {
  const planned = planCases([photos, insights], {
    groups: ['laws'],
    target: { name: 'live', live: true, seeded: true, writes: true },
    dialectOf: (one) => DIALECTS[one.dialect === 'linkedin' ? 'linkedin' : 'restli'],
  }).cases.filter(({ method }) => method === 'ACTION');

  it('that writes is sent only to an entity that the case creates', () => {
    const writing = planned.filter(({ operation }) => operation?.readOnly === false);
    expect(writing.map(({ id }) => id)).toEqual(['photos/ACTION/laws/retitle/refused-changes-nothing']);
    for (const { steps } of writing) {
      expect(steps[0]).toMatchObject({ setup: true, spec: { method: 'CREATE' } });
      for (const { spec } of steps.slice(1)) expect(spec.key).toBe('${found}');
    }
  });

  it('that writes nothing is sent where writes are off', () => {
    const reading = planned.filter(({ operation }) => operation?.name === 'previewUrl');
    expect(reading.length).toBeGreaterThan(5);
    expect(reading.filter(({ writes }) => writes)).toEqual([]);
  });
});

describe('an action whose answers do not hold still', () => {
  const clock = contractOf(`
contract: 1
resource: clocks
kind: actionsSet
methods:
  ACTION:
    next:
      readOnly: true
      params: { by: { type: integer, default: 1 }, from: { type: integer, default: 0 } }
      returns: string
      mock: { value: 'n\${count}' }
`);

  it('raises no alarm', async () => {
    const cases = await actionsOn([clock]);
    expect(cases.map(({ verdict }) => verdict)).not.toContain('fail');
    expect(cases.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThanOrEqual(6);
  });

  const counted = (value: string, status = 200): ExampleExchange => ({
    request: request('ACTION', 'POST /books?action=count', '{}'),
    response: response(status, status === 200 ? `{"value":${value}}` : '{"status":400}'),
  });
  const lawOf = (rule: string) => {
    const law = LAWS.find((one) => one.rule === rule);
    if (law === undefined) throw new Error(`there is no law ${rule}`);
    return (...all: readonly ExampleExchange[]) => law.check(traceOf(exchanges(...all)));
  };

  it.each(['laws/tunnelled-is-plain', 'laws/action-needs-no-body', 'laws/versions-agree'])(
    '%s compares values only where each form is answered twice alike',
    (rule) => {
      const check = lawOf(rule);
      expect(check(counted('1'), counted('2'), counted('3'), counted('4'))).toEqual([]);
      expect(check(counted('1'), counted('2'), counted('1'), counted('2'))).toEqual([]);
      expect(check(counted('1'), counted('1'), counted('1'), counted('1'))).toEqual([]);
      expect(check(counted('1'), counted('2'), counted('2'), counted('1'))).toMatchObject([
        { rule, exchange: 1, pointer: '/value', expected: '1', actual: '2' },
      ]);
    },
  );

  it('is not blamed for a refusal that comes and goes', () => {
    const check = lawOf('laws/tunnelled-is-plain');
    expect(check(counted('1'), counted('', 400), counted('1'), counted('1'))).toEqual([]);
    expect(check(counted('1'), counted('', 400), counted('', 400), counted('', 400))).toEqual([]);
    expect(check(counted('1'), counted('', 400), counted('', 400), counted('1'))).toMatchObject([
      { exchange: 1, expected: '200', actual: '400' },
    ]);
  });

  it('takes null and no body for one answer', () => {
    const nothing = { ...counted('1'), response: response(200) };
    expect(lawOf('laws/tunnelled-is-plain')(counted('null'), nothing, nothing, counted('null'))).toEqual([]);
  });

  it('is not blamed for an entity that every reading changes', () => {
    const check = lawOf('laws/read-only-action-writes-nothing');
    const read = (title: string): ExampleExchange => ({
      request: request('GET', 'GET /books/1'),
      response: response(200, `{"title":"${title}"}`),
    });
    expect(check(read('a'), read('b'), counted('1'), read('c'))).toEqual([]);
    expect(check(read('a'), read('a'), counted('1'), read('c'))).toMatchObject([{ exchange: 3, pointer: '/title' }]);
  });
});
