import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { contractSchema } from '../../src/contract/contract-schema.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';

const schema = contractSchema();
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(schema, 'contract');
const isContract = ajv.getSchema('contract');
const isConfig = ajv.getSchema('contract#/$defs/Config');

/** Faults of form, which a schema can see; all others need to know what names and values mean. */
const FORM =
  /^contract\/(unknown-member|missing-member|cut-by-comma|wrong-type|wrong-value|bad-text|bad-name|out-of-range|too-few|too-many|duration|unknown-method|unknown-word|unknown-matcher|mixed-matcher|matcher-operand|path-template|method-on-kind|member-on-kind|key-on-kind|key-missing|entity-missing|needs-(?!key|expect)\w+|no-(?!key|patch)\w+|(finder|batch-finder|action|batch)-needs-\w+)$/;

const folder = path.resolve(import.meta.dirname, '..');
/** Texts that have no value, or another one in YAML's own eyes, are no matter of form. */
const NOTATION = /^((yaml|json)-(?!unknown|word)|empty|duplicate-name|too-deep|not-)/;
const golden = readdirSync(path.join(folder, 'golden/diagnostics')).filter(
  (file) => /contract\.(yaml|json)$/.test(file) && !NOTATION.test(file),
);

describe('the published JSON Schema', () => {
  it.each(readdirSync(path.join(folder, 'fixtures/contracts')))('accepts the fixture %s', (file) => {
    const value: unknown = parse(readFileSync(path.join(folder, 'fixtures/contracts', file), 'utf8'));
    void isContract?.(value);
    expect(isContract?.errors).toBeNull();
  });

  it.each(golden)('agrees with the loader about the form of %s', (file) => {
    const text = readFileSync(path.join(folder, 'golden/diagnostics', file), 'utf8').replace(/^\uFEFF/, '');
    const { diagnostics } = parseContract(text, { file });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');

    const accepted = isContract?.(parse(text));
    const isForm = errors.some(({ code }) => FORM.test(code));
    const isGood = errors.length === 0 && !diagnostics.some(({ code }) => code === 'contract/text-from-number');
    // What is wrong in meaning only, the schema may accept or not.
    expect({ file, accepted }).toEqual({ file, accepted: isForm ? false : isGood ? true : accepted });
  });

  it('describes every member that editors offer', () => {
    const bare: string[] = [];
    const walk = (value: unknown, place: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, held] of Object.entries(value)) {
        if (name === 'properties' && !place.includes('/then') && !place.endsWith('/properties')) {
          for (const [member, of] of Object.entries(held as object)) {
            if (typeof of === 'object' && (of as { description?: string }).description === undefined)
              bare.push(`${place}/${member}`);
          }
        }
        walk(held, `${place}/${name}`);
      }
    };
    walk(schema, '');
    expect(bare.filter((place) => !/\$(fromIndex|toIndex|key|params)$|\/method$|\/kind$/.test(place))).toEqual([]);
  });

  it('offers all methods, and in each what its row says', () => {
    const methods = (schema['properties'] as Record<string, { properties: Record<string, unknown> }>)['methods'];
    expect(Object.keys(methods?.properties ?? {})).toEqual(METHOD_NAMES);
    expect(
      isContract?.({
        contract: 1,
        resource: 'a',
        key: { id: 'long' },
        entity: 'string',
        methods: { GET: { returnEntity: true } },
      }),
    ).toBe(false);
    expect(
      isContract?.({
        contract: 1,
        resource: 'a',
        key: { id: 'long' },
        entity: 'string',
        methods: { CREATE: { returnEntity: true } },
      }),
    ).toBe(true);
  });

  it('holds the config, too', () => {
    expect(
      isConfig?.({
        target: 'a',
        targets: { a: { baseUrl: 'https://x.example', auth: { bearer: '${env.T}' }, tls: { insecure: true } } },
      }),
    ).toBe(true);
    expect(isConfig?.({ targets: { a: { url: 'https://x.example' } } })).toBe(false);
  });

  it('lets through what begins with x-', () => {
    const contract = {
      contract: 1,
      resource: 'a',
      key: { id: 'long' },
      entity: 'string',
      'x-owner': 'me',
      methods: { GET: { 'x-note': 1 } },
    };
    expect(isContract?.(contract)).toBe(true);
    expect(
      parseContract(JSON.stringify(contract), { file: 'a.json' }).diagnostics.filter(
        ({ severity }) => severity === 'error',
      ),
    ).toEqual([]);
  });
});
