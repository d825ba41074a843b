import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { json, serviceOf } from '../run/support.ts';
import { cli, folderOf } from '../cli/support.ts';

/** Each secret has its own way in. None may be found in anything that comes out, in any of its forms. */
const CANARIES = {
  bearer: 'canary-bearer-7f3a9c',
  flagHeader: 'canary-flag-51be02',
  caseHeader: 'canary-case-c0ffee',
  variable: 'canary var/1+2=3',
  answered: 'canary-answer-90210',
} as const;

const CONFIG = `
targets:
  staging:
    baseUrl: "\${env.BASE}"
    auth: { bearer: "\${env.TOKEN}" }
    headers: { X-Api-Key: "\${env.CASE_KEY}" }
`;
const CONTRACT = `
contract: 1
resource: books
key: { id: long }
entity: { type: object, required: [id], properties: { id: { type: integer } } }
methods: { GET: , FINDER: { mine: { params: { owner: string } } } }
cases:
  - { name: fails with the secret in view, method: GET, key: 1, expect: { body: { owner: nobody } } }
  - { name: sends it in the query, method: FINDER, q: mine, params: { owner: "\${env.OWNER}" } }
`;

/** As it stands in a URL, a form, JSON, HTML and base64, whichever differ. */
function formsOf(secret: string): readonly string[] {
  const forms = [
    secret,
    encodeURIComponent(secret),
    secret.replaceAll(' ', '+'),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
  return [...new Set(forms)];
}

describe('secrets', () => {
  it('reach the server and nothing else', async () => {
    await using service = await serviceOf((request, response) => {
      const token =
        request.headers[request.headers.findIndex((name) => name.toLowerCase() === 'authorization') + 1] ?? '';
      json(
        response,
        200,
        {
          id: 1,
          owner: token,
          access_token: CANARIES.answered,
          note: Buffer.from(token.replace('Bearer ', '')).toString('base64'),
        },
        { 'X-Echo': token },
      );
    });
    using folder = folderOf({ 'restli-contract.config.yaml': CONFIG, 'contracts/books.contract.yaml': CONTRACT });
    const reporters = [
      'text',
      'ndjson=out/results.ndjson',
      'html=out/report.html',
      'junit=out/junit.xml',
      'markdown=out/summary.md',
      'github=out/github.txt',
    ];
    const { code, out, err } = await cli(
      folder,
      [
        'run',
        '--target',
        'staging',
        '--debug',
        '-H',
        `X-Session-Token: ${CANARIES.flagHeader}`,
        ...reporters.flatMap((name) => ['--reporter', name]),
      ],
      { env: { BASE: service.url, TOKEN: CANARIES.bearer, CASE_KEY: CANARIES.caseHeader, OWNER: CANARIES.variable } },
    );
    expect(err).not.toMatch(/^error:/m);
    expect(code).toBe(1);
    const received = service.requests.flatMap(({ headers, url }) => [...headers, decodeURIComponent(url)]).join('\n');
    for (const secret of [CANARIES.bearer, CANARIES.flagHeader, CANARIES.caseHeader, CANARIES.variable])
      expect(received).toContain(secret);

    const written = readdirSync(path.join(folder.path, 'out'));
    expect(written).toHaveLength(5);
    const artefacts = [
      ['stdout', out],
      ['stderr', err],
      ...written.map((name) => [name, readFileSync(path.join(folder.path, 'out', name), 'utf8')]),
    ];
    const leaks = artefacts.flatMap(([name, text = '']) =>
      Object.entries(CANARIES).flatMap(([canary, secret]) =>
        formsOf(secret).some((form) => text.includes(form)) ? [`${canary} in ${name ?? ''}`] : [],
      ),
    );
    expect(leaks).toEqual([]);
    expect(artefacts.find(([name]) => name === 'results.ndjson')?.[1]).toContain('redacted');
  });
});
