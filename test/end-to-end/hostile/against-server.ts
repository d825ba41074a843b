/** Rows about servers: one case meets the misbehaviour, the case beside it passes, and what must not leak is looked for. */
import { expect } from 'vitest';
import type { CaseFinished } from '../../../src/run/events.ts';
import { folderOf } from '../../cli/support.ts';
import { parseXml } from '../../support/strict-xml.ts';
import { rawServer, reply, type RawAnswer } from '../../transport/raw-server.ts';
import { artefactsIn, command, eventsIn } from './command.ts';
import type { Row } from './row.ts';

/** A secret of the target; whatever a server does with it, nothing that is written shows it. */
export const CANARY = 'canary/7f3a+9c=secret';

export interface ServerSituation {
  readonly id: string;
  readonly what: string;
  readonly expected: string;
  /** The case that meets it, in YAML; GET of key 1 unless it is said. */
  readonly meets?: string;
  /** Methods that it needs beside GET, in YAML. */
  readonly methods?: string;
  /** What the server does with every request but those of the good case; `index` counts them. */
  readonly answer: (request: string, index: number) => RawAnswer;
  readonly args?: readonly string[];
  readonly code?: number;
  readonly verdict: CaseFinished['verdict'];
  /** Rules that are told, of level must or not; null: none at all. */
  readonly rules: readonly string[] | null;
  /** What the terminal shows. */
  readonly says?: RegExp;
  /** Any further fact. */
  readonly also?: (facts: {
    readonly requests: readonly string[];
    readonly met: CaseFinished;
    readonly texts: string;
    /** Text of one file that was written. */
    readonly file: (name: string) => string;
  }) => void;
}

const CONFIG = `targets:
  service:
    baseUrl: "\${env.BASE}"
    auth: { bearer: "\${env.TOKEN}" }
    writes: true
`;

const contractOf = ({ meets = 'method: GET, key: 1', methods = '' }: ServerSituation): string => `contract: 1
resource: things
key: { id: long }
readOnly: [id]
entity: { type: object, required: [id], properties: { id: { $ref: "#/types/long" }, text: { type: string } } }
methods:
  GET:
${methods}
cases:
  - { name: meets it, ${meets} }
  - { name: is answered well, method: GET, key: 2 }
`;

/** A Rest.li answer with a body of JSON text. */
export function rest(status: number, body: string, headers: readonly string[] = []): string {
  return reply(status, body, ['X-RestLi-Protocol-Version: 2.0.0', 'Content-Type: application/json', ...headers]);
}

/** A Rest.li error. */
export function fault(status: number, body = `{"status":${status}}`, headers: readonly string[] = []): string {
  return rest(status, body, ['X-RestLi-Error-Response: true', ...headers]);
}

const REPORTERS = [
  'text',
  'ndjson=out/results.ndjson',
  'junit=out/junit.xml',
  'html=out/report.html',
  'github=out/github.txt',
  'markdown=out/summary.md',
];

/** @returns the row that plays the situation */
export function withServer(situation: ServerSituation): Row {
  const { id, what, expected } = situation;
  return { id, what, expected, proof: () => play(situation) };
}

async function play(situation: ServerSituation): Promise<void> {
  const { answer, args = [], code = 1, verdict, rules, says, also } = situation;
  let met = 0;
  const server = await rawServer((request) => {
    if (request.startsWith('GET /things/2 ')) return rest(200, '{"id":2}');
    met += 1;
    return answer(request, met - 1);
  });
  try {
    using folder = folderOf({
      'restli-contract.config.yaml': CONFIG,
      'things.contract.yaml': contractOf(situation),
    });
    const ended = await command(
      folder,
      [
        'run',
        'things.contract.yaml',
        '--target',
        'service',
        '--group',
        'contract',
        ...args,
        ...REPORTERS.flatMap((name) => ['--reporter', name]),
      ],
      { BASE: server.origin, TOKEN: CANARY },
    );
    const artefacts = artefactsIn(folder);
    const texts = [ended.out, ended.err, ...artefacts.map(([, text]) => text)].join('\n');
    const cases = eventsIn(folder, 'out/results.ndjson').filter((event) => event.type === 'case');
    const own = cases.find((one) => one.id.endsWith('/meets-it'));
    const good = cases.find((one) => one.id.endsWith('/is-answered-well'));
    if (own === undefined) throw new Error(`the case was not run: ${ended.err}`);

    expect({ verdict: own.verdict, rules: [...new Set(own.violations.map(({ rule }) => rule))] }).toEqual({
      verdict,
      rules: rules ?? [],
    });
    expect(good?.verdict).toBe('pass');
    expect(ended.code).toBe(code);
    expect(ended.err).not.toMatch(/\n\s+at /);
    if (says !== undefined) expect(ended.out).toMatch(says);
    expect(ended.out).toContain(server.origin);
    for (const form of formsOf(CANARY)) expect(texts).not.toContain(form);
    expect(() => parseXml(artefacts.find(([name]) => name === 'junit.xml')?.[1] ?? '')).not.toThrow();
    also?.({
      requests: server.requests,
      met: own,
      texts,
      file: (name) => artefacts.find(([one]) => one === name)?.[1] ?? '',
    });
  } finally {
    await server.close();
  }
}

/** As it stands in text, URLs, JSON and base64. */
function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    secret.replaceAll('/', '\\/'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
}
