import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METHOD_NAMES } from '../../src/protocol/methods.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { VERDICTS } from '../../src/run/events.ts';
import { runContracts } from '../../src/run/run.ts';
import { books, json, refuse, serviceOf, shelf, target } from './support.ts';

interface Schema {
  readonly $defs: Readonly<
    Record<
      string,
      { readonly enum?: readonly string[]; readonly required?: readonly string[]; readonly properties?: object }
    >
  >;
}
const schema = JSON.parse(readFileSync(new URL('../../src/run/result.schema.json', import.meta.url), 'utf8')) as Schema;
const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, formats: { 'date-time': true } });
const validate = ajv.compile(schema);

function problemsOf(event: unknown): readonly string[] {
  return validate(event)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

async function eventsOf(run: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) events.push(JSON.parse(JSON.stringify(event)) as RunEvent);
  return events;
}

describe('result.schema.json', () => {
  it('describes every event of runs with every verdict', async () => {
    const { answer } = shelf();
    let asked = 0;
    await using service = await serviceOf((request, response, index) => {
      if (request.url.endsWith('/7')) response.destroy();
      else if (request.url.endsWith('/8')) {
        if ((asked += 1) === 1) refuse(response, 500);
        else json(response, 200, { id: 8, title: 'Eight' });
      } else if (request.url.endsWith('/9'))
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(Buffer.from([0xff, 0xfe, 0x00]));
      else answer(request, response, index);
    });
    const contract = books(
      '  GET:\n  CREATE:\n  GET_ALL:\n  UPDATE:\n',
      `
cases:
  - { name: fails, method: GET, key: 1 }
  - { name: breaks, method: GET, key: 7 }
  - { name: is binary, method: GET, key: 9 }
  - { name: skipped, method: GET, key: 1, skip: later }
  - { name: known, method: GET, key: 2 }
  - { name: flaky, method: GET, key: 8 }
flows:
  - name: comes and stays
    steps: [{ method: CREATE, entity: { title: New }, capture: { made: key } }, { method: GET, key: "\${made}" }]
`,
    );
    const waivers = [
      {
        case: { pattern: 'books/GET/known', matches: (id: string) => id === 'books/GET/known' },
        rule: null,
        target: null,
        reason: 'known',
        until: '2999-01-01',
      },
    ];
    const events = await eventsOf(
      runContracts({
        contracts: [contract],
        groups: ['contract'],
        target: target(service.url),
        retries: 2,
        concurrency: 1,
        waivers,
      }),
    );
    expect(events.flatMap(problemsOf)).toEqual([]);
    const seen = new Set(events.flatMap((event) => (event.type === 'case' ? [event.verdict] : [])));
    expect([...seen].toSorted()).toEqual([...VERDICTS].toSorted());
    expect(events.at(-1)).toMatchObject({ type: 'end', leftBehind: [expect.any(String)] });
  });

  it('names the verdicts and methods of the program', () => {
    expect(schema.$defs['verdict']?.enum).toEqual([...VERDICTS]);
    expect(schema.$defs['method']?.enum).toEqual([...METHOD_NAMES]);
  });

  it('refuses an event that lacks a member or has one too many', async () => {
    const events = await eventsOf(
      runContracts({ contracts: [books('  GET:\n')], groups: ['contract'], inProcess: true }),
    );
    for (const event of events) {
      const [first] = Object.keys(event).filter((name) => name !== 'type');
      const { [first as keyof typeof event]: _left, ...rest } = event;
      expect(problemsOf(rest)).not.toEqual([]);
      expect(problemsOf({ ...event, more: 1 })).not.toEqual([]);
    }
  });
});
