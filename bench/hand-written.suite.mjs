// What a team would write by hand: vitest, fetch, ajv; one test a case. Run by bench.ts with ORIGIN and COUNT set.
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { BOOK } from './schema.mjs';

const origin = process.env.ORIGIN;
const count = Number(process.env.COUNT);
const validate = new Ajv.Ajv2020({ strict: false }).compile(BOOK);
const headers = { 'X-RestLi-Method': 'GET', 'X-RestLi-Protocol-Version': '2.0.0', Accept: 'application/json' };

describe('books', () => {
  for (let id = 1; id <= count; id += 1) {
    it(`reads book ${id}`, async () => {
      const response = await fetch(`${origin}/books/${id}`, { headers });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/json/);
      expect(response.headers.get('x-restli-protocol-version')).toBe('2.0.0');
      const body = await response.json();
      expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
      expect(body.id).toBe(id);
    });
  }
});
