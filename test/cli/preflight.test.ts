import { describe, expect, it } from 'vitest';
import { preflight } from '../../src/cli/preflight.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { cli, folderOf, GREETINGS } from './support.ts';

const HEAD = `contract: 1
resource: r
key: { id: long }
entity: { type: object, required: [id], properties: { id: { type: integer }, name: { type: string }, old: { type: string, deprecated: true }, kind: { type: string }, made: { type: integer }, in: { type: object, properties: { a: { type: string } } } } }
readOnly: [made]
createOnly: [kind]
examples: [{ id: 1, name: x }]
methods:
  GET: { params: { a?: { type: string, deprecated: true } } }
  UPDATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  BATCH_CREATE:
  DELETE: { deprecated: write nothing }
  FINDER: { s: { deprecated: true } }
  ACTION: { go: { params: { x?: { type: string, deprecated: true } } } }
`;

function judged(rest: string, head = HEAD): readonly string[] {
  const { contract, diagnostics } = parseContract(head + rest, { file: 'r.contract.yaml' });
  expect(diagnostics).toEqual([]);
  const dialects = new Map(Object.entries(DIALECTS));
  return preflight(contract === null ? [] : [contract], { dialects, vars: new Map() }).map(
    ({ code, severity, at }) => `${severity} ${code.replace('contract/', '')} ${at?.line ?? 0}:${at?.col ?? 0}`,
  );
}
const asked = (rest: string, head = HEAD): readonly string[] => judged(`cases:\n  - { name: x, ${rest} }\n`, head);

describe("the author's cases before they are sent", () => {
  // prettier-ignore
  it.each([
    ['method: UPDATE, key: 1, entity: { id: 1, nme: x }', ['sends-unknown-member 18:57']],
    ['method: UPDATE, key: 1, entity: { id: 1, in: { b: x } }', ['sends-unknown-member 18:63']],
    ['method: UPDATE, key: 1, entity: { id: 1, old: x }', ['deprecated-member 18:57']],
    ['method: UPDATE, key: 1, entity: { id: 1, made: 4 }', ['sends-read-only-member 18:57']],
    ['method: PARTIAL_UPDATE, key: 1, patch: { $set: { nme: x, kind: z } }', ['sends-unknown-member 18:65', 'sends-create-only-member 18:73']],
    ['method: BATCH_PARTIAL_UPDATE, entities: [{ key: 1, patch: { $set: { name: a } } }, { key: 2, patch: { $set: { nam: b } } }]', ['sends-unknown-member 18:126']],
    ['method: BATCH_CREATE, elements: [{ id: 1 }, { id: 2, nme: x }]', ['sends-unknown-member 18:69']],
    ['method: GET, key: 1, params: { a: x }', ['deprecated-parameter 18:47']],
    ['method: ACTION, action: go, params: { x: a }', ['deprecated-parameter 18:54']],
    ['method: DELETE, key: 1', ['deprecated-operation 18:24']],
    ['method: FINDER, q: s', ['deprecated-operation 18:35']],
  ])('warn where { %s }', (rest, problems) => {
    expect(asked(rest)).toEqual(problems.map((problem) => `warning ${problem}`));
    if (!rest.includes('BATCH')) expect(asked(`${rest}, expect: 400`)).toEqual([]);
  });

  it('are judged in flows, too, whatever is captured', () => {
    const flow = `flows:
  - name: f
    steps:
      - { method: UPDATE, key: 1, entity: { id: 1, name: x }, capture: { s: status } }
      - { method: PARTIAL_UPDATE, key: "\${s}", patch: { $set: { nme: "\${s}" } } }
`;
    expect(judged(flow)).toEqual(['warning sends-unknown-member 21:65']);
  });

  it('fail the file where a request breaks what must be kept', () => {
    const linkedin = HEAD.replace('resource: r\n', 'resource: r\ndialect: linkedin\n');
    expect(asked('method: GET, key: 1, headers: { LinkedIn-Version: null }', linkedin)).toEqual([
      'error case-breaks-rule 19:66',
    ]);
  });

  it('say nothing of what is right, or means to be refused', () => {
    for (const rest of [
      'method: UPDATE, key: 1, entity: { id: 1, name: x, in: { a: x } }',
      'method: PARTIAL_UPDATE, key: 1, patch: { $set: { name: x }, $delete: [in] }',
      'method: GET, key: 1, headers: { X-RestLi-Method: get_all }, expect: [400, 200]'.replace(
        '[400, 200]',
        '{ status: [400, 200] }',
      ),
      'method: UPDATE, key: 1, raw: { body: { nme: x } }, expect: 204',
    ])
      expect(asked(rest)).toEqual([]);
  });

  it('are left out of a run when they break the contract', async () => {
    using folder = folderOf({
      'greetings.contract.yaml': GREETINGS.replace(
        'resource: greetings',
        'resource: greetings\ndialect: linkedin',
      ).replace('key: 1\n', 'key: 1\n    headers: { LinkedIn-Version: null }\n'),
    });
    const ran = await cli(folder, ['run', 'greetings.contract.yaml', '--no-report']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('contract/case-breaks-rule');
  });
});

describe('rules that are given up', () => {
  const config = (waiver: string): string =>
    `contracts: ['*.contract.yaml']\nwaived: [{ ${waiver}, reason: a, until: 2099-01-31 }]\n`;

  it('exist: a misspelt one is an error of contract or config', async () => {
    using contract = folderOf({ 'greetings.contract.yaml': `${GREETINGS}exempt: { create/location: x }\n` });
    const exempt = await cli(contract, ['check', 'greetings.contract.yaml']);
    expect(exempt.code).toBe(2);
    expect(exempt.err).toMatch(/unknown-rule[^]*create\/location-missing/);

    using waived = folderOf({
      'greetings.contract.yaml': GREETINGS,
      'restli-contract.config.yaml': config('rule: expectaton/bdy'),
    });
    const waiver = await cli(waived, ['check']);
    expect(waiver.code).toBe(2);
    expect(waiver.err).toMatch(/config\/unknown-rule[^]*expectation\/body/);
  });

  it('are given up for cases that exist: a pattern without any is a warning', async () => {
    using folder = folderOf({
      'greetings.contract.yaml': GREETINGS,
      'restli-contract.config.yaml': config('case: "greetings/GTE/**"'),
    });
    const ran = await cli(folder, ['check']);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/waiver-without-case[^]*greetings\/GET/);
  });
});
