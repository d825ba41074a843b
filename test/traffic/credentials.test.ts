/** Secrets of other people's traffic: known from their header, masked wherever they stand again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, folderOf } from '../cli/support.ts';
import { CredentialLearner } from '../../src/traffic/learn-credentials.ts';
import { createRedactor } from '../../src/transport/redact.ts';

const CONTRACT = `contract: 1
resource: books
key: { id: string }
entity: { type: object }
methods: { GET: }
`;
const SECRETS = ['COOKSEC03', 'BASICPASS01', 'URLSEC07', 'SETCOOK09', 'PROXYPW11'];

/** Every secret in a place of its own, and all of them once more in path, query, header and body. */
const echo = SECRETS.join('-');
const HAR = JSON.stringify({
  log: {
    entries: [
      {
        request: {
          method: 'GET',
          url: `https://joe:URLSEC07@h.example/books/${echo}?note=${echo}`,
          headers: [
            { name: 'Cookie', value: 'sid=COOKSEC03; a=b' },
            { name: 'Authorization', value: `Basic ${Buffer.from('bob:BASICPASS01').toString('base64')}` },
            { name: 'Proxy-Authorization', value: `Basic ${Buffer.from('bob:PROXYPW11').toString('base64')}` },
            { name: 'X-Note', value: echo },
          ],
        },
        response: {
          status: 200,
          headers: [{ name: 'Set-Cookie', value: 'sid=SETCOOK09; Path=/' }],
          content: { text: JSON.stringify({ note: echo, [echo]: 1 }) },
        },
      },
      { request: { method: 'GET', url: `https://h.example/elsewhere/${echo}`, headers: [] } },
    ],
  },
});
const CURL = `curl -d @${echo} -b 'sid=COOKSEC03' -u bob:BASICPASS01 -U bob:PROXYPW11 'https://joe:URLSEC07@h.example/books/1?note=${echo}'
curl -H 'Set-Cookie: sid=SETCOOK09' -X PATCH https://h.example/books/${echo}
`;

describe('traffic', () => {
  it.each([
    ['calls.har', HAR],
    ['calls.sh', CURL],
  ])('shows no credential of %s, wherever it is echoed', { timeout: 60_000 }, async (name, recording) => {
    using folder = folderOf({ 'books.contract.yaml': CONTRACT, [name]: recording });
    const { out, err } = await cli(folder, [
      'traffic',
      'books.contract.yaml',
      name,
      '--reporter',
      'ndjson=out.ndjson',
      '--reporter',
      'html=out.html',
      '--reporter',
      'text',
    ]);
    const shown = [
      out,
      err,
      ...['out.ndjson', 'out.html'].map((file) => readFileSync(path.join(folder.path, file), 'utf8')),
    ];
    expect(shown.join('\n')).toContain('books');
    expect(SECRETS.filter((secret) => shown.join('\n').includes(secret))).toEqual([]);
  });
});

describe('what is learned of exchanges', () => {
  it('is bounded, however many sessions pass', () => {
    const values: string[] = [];
    const learner = new CredentialLearner({ ...createRedactor(), addValue: (value) => void values.push(value) });
    for (let n = 0; n < 5_000; n++)
      learner.learn({
        request: {
          verb: 'GET',
          origin: 'http://h',
          target: '/',
          headers: [['Cookie', `sid=session-${n}`]],
          body: null,
        },
        response: null,
      });
    expect(values).toHaveLength(200);
    expect(new Set(values).size).toBe(200);
  });
});
