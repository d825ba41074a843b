// The same with global fetch. node bench/baseline-fetch.mjs ORIGIN COUNT
import Ajv from 'ajv/dist/2020.js';
import { BOOK } from './schema.mjs';

const [origin, count] = [process.argv[2], Number(process.argv[3])];
const validate = new Ajv.Ajv2020({ strict: false }).compile(BOOK);
const headers = { 'X-RestLi-Method': 'GET', 'X-RestLi-Protocol-Version': '2.0.0', Accept: 'application/json' };

let next = 0;
let failed = 0;
async function worker() {
  while (next < count) {
    next += 1;
    const response = await fetch(`${origin}/books/${next}`, { headers });
    if (response.status !== 200 || !validate(await response.json())) failed += 1;
  }
}
await Promise.all(Array.from({ length: 16 }, worker));
if (failed > 0) process.exitCode = 1;
