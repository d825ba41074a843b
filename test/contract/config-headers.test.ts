import { expect, it } from 'vitest';
import { cli, folderOf, GREETINGS } from '../cli/support.ts';

it('a target names no method for every request', async () => {
  using folder = folderOf({
    'greetings.contract.yaml': GREETINGS,
    'restli-contract.config.yaml':
      'contracts: [greetings.contract.yaml]\ntargets: { a: { baseUrl: http://localhost:1, headers: { X-RestLi-Method: GET } } }\n',
  });
  const { code, err } = await cli(folder, ['list']);
  expect(err).toContain('method-header-for-all');
  expect(code).toBe(2);
});
