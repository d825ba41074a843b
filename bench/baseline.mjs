// The least that could do the same: undici's pool, JSON.parse, one compiled schema, 16 requests under way.
// node bench/baseline.mjs ORIGIN COUNT
import Ajv from 'ajv/dist/2020.js';
import { Pool } from 'undici';
import { BOOK } from './schema.mjs';

const [origin, count] = [process.argv[2], Number(process.argv[3])];
const validate = new Ajv.Ajv2020({ strict: false }).compile(BOOK);
const pool = new Pool(origin, { connections: 16 });
const headers = ['X-RestLi-Method', 'GET', 'X-RestLi-Protocol-Version', '2.0.0', 'Accept', 'application/json'];

function get(path) {
  return new Promise((resolve, reject) => {
    let status = 0;
    const chunks = [];
    pool.dispatch(
      { path, method: 'GET', headers },
      {
        onConnect() {},
        onHeaders(code) {
          status = code;
          return true;
        },
        onData(chunk) {
          chunks.push(chunk);
          return true;
        },
        onComplete() {
          resolve({ status, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
        },
        onError: reject,
      },
    );
  });
}

let next = 0;
let failed = 0;
async function worker() {
  while (next < count) {
    next += 1;
    const { status, body } = await get(`/books/${next}`);
    if (status !== 200 || !validate(body)) failed += 1;
  }
}
await Promise.all(Array.from({ length: 16 }, worker));
await pool.close();
if (failed > 0) process.exitCode = 1;
