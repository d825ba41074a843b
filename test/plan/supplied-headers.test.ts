import { describe, expect, it } from 'vitest';
import { missingHeaders, suppliedHeaders } from '../../src/plan/supplied-headers.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { runOf } from '../run/support.ts';
import { contractOf } from '../support/contract.ts';

const thingsOf = (rest: string) =>
  contractOf(`
contract: 1
resource: things
key: { id: long }
readOnly: [id]
entity: { type: object, properties: { id: { type: integer } } }
examples: [{ id: 1 }]
${rest}
`);

const TENANTS = thingsOf(`
request: { headers: { X-Tenant: { pattern: '^[a-z]+$' }, X-Kind: { const: shop }, If-Match?: string, X-Debug: false } }
methods: { GET: , DELETE: { request: { headers: { X-Why: { enum: [tidy, wrong] } } } } }
`);
const LINKEDIN = thingsOf('dialect: linkedin\nmethods: { GET: , GET_ALL: , CREATE: , DELETE: }');

describe('headers that must be there and that nobody writes', () => {
  it('are made up for the embedded endpoint, each of its type', () => {
    const [, remove] = TENANTS.operations;
    const values = suppliedHeaders(DIALECTS.restli, TENANTS, remove ?? null, true);
    expect([...values.keys()]).toEqual(['X-Tenant', 'X-Kind', 'X-Why']);
    expect(values.get('X-Tenant')).toMatch(/^[a-z]+$/);
    expect(values.get('X-Kind')).toBe('shop');
    expect(['tidy', 'wrong']).toContain(values.get('X-Why'));
    expect(suppliedHeaders(DIALECTS.linkedin, LINKEDIN, null, true).get('LinkedIn-Version')).toMatch(/^\d{6}/);
  });

  it('are not made up for a service, where only the one possible value is sent', () => {
    expect([...suppliedHeaders(DIALECTS.restli, TENANTS, null, false)]).toEqual([['X-Kind', 'shop']]);
    expect([...suppliedHeaders(DIALECTS.linkedin, LINKEDIN, null, false)]).toEqual([]);
  });

  it('are told when no layer sets them', () => {
    expect(missingHeaders(DIALECTS.restli, null, TENANTS, [])).toEqual(['X-Tenant']);
    expect(missingHeaders(DIALECTS.restli, null, TENANTS, [new Map([['x-tenant', 'a']])])).toEqual([]);
    expect(missingHeaders(DIALECTS.linkedin, '/rest', LINKEDIN, [])).toEqual(['LinkedIn-Version']);
    expect(missingHeaders(DIALECTS.linkedin, '/v2', LINKEDIN, [])).toEqual([]);
  });

  it.each([
    ['declared by the contract', TENANTS],
    ['wanted by the dialect', LINKEDIN],
  ])('fail no case of the embedded endpoint: %s', async (_, contract) => {
    const { cases } = await runOf(contract, { groups: ['contract', 'headers', 'laws'], inProcess: true });
    expect(cases.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([]);
    expect(cases.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(20);
  });
});
