/** Laws of `ids`: they are a set, which may be empty and holds no key twice. */
import { isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { differences, isSuccess, told } from './compare.ts';
import type { Law, LawFinding } from './law.ts';
import { vary } from './probe.ts';

export const IDS_LAWS: readonly Law[] = [
  {
    rule: 'laws/empty-batch-is-empty',
    appliesTo: ({ returns }) => returns === 'batch',
    probe: (facts) => {
      // In 1.0.0 each key is a parameter of its own: without any, the request is a GET_ALL.
      const { contract, dialect } = facts;
      if (contract.protocol === '1.0.0' || !dialect.protocol.includes('2.0.0')) return null;
      return vary(facts, [
        { name: 'asks for a key', change: { protocol: '2.0.0' } },
        { name: 'asks for none', change: { protocol: '2.0.0', ids: [] } },
      ]);
    },
    check: ([one, none]) => {
      if (one === undefined || none === undefined || !isSuccess(one)) return [];
      const rule = 'laws/empty-batch-is-empty';
      if (!isSuccess(none)) return [status(rule, none.status, 'A batch of no keys is refused; its answer is empty.')];
      const held = ['results', 'errors', 'elements'].find((name) => sizeOf(memberOf(none.body, name)) > 0);
      if (held === undefined) return [];
      return [
        {
          rule,
          exchange: 1,
          pointer: `/${held}`,
          expected: 'nothing',
          actual: `${sizeOf(memberOf(none.body, held))} of them`,
          message: 'A batch of no keys is answered with entities that nobody asked for.',
        },
      ];
    },
  },
  {
    rule: 'laws/repeated-ids-are-one',
    appliesTo: ({ returns }) => returns === 'batch',
    probe: (facts) => {
      const material = facts.material('reads');
      if ('blocked' in material) return material;
      const [key] = material.keys;
      if (key === undefined) return null;
      const ask = (ids: readonly Json[], name: string) => ({
        name,
        operation: facts.operation,
        spec: { ids, parents: material.parents },
        expects: 'any' as const,
      });
      return {
        setup: material.setup,
        steps: [ask([key], 'asks once'), ask([key, key], 'asks for the same key twice')],
      };
    },
    check: ([once, twice]) => {
      if (once === undefined || twice === undefined || !isSuccess(once)) return [];
      const rule = 'laws/repeated-ids-are-one';
      const [alone, repeated] = [once.outcomes?.[0], twice.outcomes?.[0]];
      if (!isSuccess(twice)) return [status(rule, twice.status, 'A batch is refused once it names a key twice.')];
      if (alone === undefined || repeated === undefined || !isSuccess(alone)) return [];
      if (!isSuccess(repeated)) {
        return [
          {
            rule,
            exchange: 1,
            pointer: repeated.pointer,
            expected: `${alone.status}`,
            actual: `${repeated.status ?? 'nothing'}`,
            message: 'A key that is named twice is not found.',
          },
        ];
      }
      return told(
        rule,
        1,
        repeated.pointer ?? '',
        differences(once.contract, alone.entity, repeated.entity),
        'A key that is named twice has another entity',
      );
    },
  },
];

function status(rule: string, actual: number, message: string): LawFinding {
  return { rule, where: 'status', exchange: 1, pointer: null, expected: '200', actual: `${actual}`, message };
}

function sizeOf(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : 0;
}
