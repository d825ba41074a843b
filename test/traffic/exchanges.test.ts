import { describe, expect, it } from 'vitest';
import vectors from '../vectors/restli.json' with { type: 'json' };
import type { CaseFinished } from '../../src/run/events.ts';
import { judgeRecordings } from '../../src/traffic/judge-recording.ts';
import { readNdjson } from '../../src/traffic/ndjson.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { createRedactor } from '../../src/transport/redact.ts';
import { HARNESS } from '../verify/harness.ts';
import { labels, type Label } from './exchange-labels.ts';
import { ABOUT } from './support.ts';

interface Recorded {
  readonly request: {
    readonly verb: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly routedTo: string | null;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

const recorded = vectors.exchanges as unknown as readonly Recorded[];
const table = labels();

const textOf = (body: unknown): string | null =>
  body === null || body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);

/** One line an exchange, as other tools write it. */
const TEXT = recorded
  .map(({ request, response }) =>
    JSON.stringify({
      request: { ...request, body: textOf(request.body) },
      response: { ...response, body: textOf(response.body) },
    }),
  )
  .join('\n');

async function judged(): Promise<ReadonlyMap<number, CaseFinished>> {
  const { entries, problems } = readNdjson(TEXT);
  expect(problems).toEqual([]);
  const found = new Map<number, CaseFinished>();
  const options = {
    contracts: HARNESS,
    dialects: new Map(),
    dialect: DIALECTS.restli,
    about: ABOUT,
    redactor: createRedactor(),
    now: () => new Date(0),
    monotonic: () => 0,
  };
  for await (const event of judgeRecordings([{ name: 'vectors.ndjson', text: TEXT, entries }], options)) {
    const number = event.type === 'case' ? /#(\d+)@/.exec(event.id)?.[1] : undefined;
    if (event.type === 'case' && number !== undefined) found.set(Number(number) - 1, event);
  }
  return found;
}

const events = await judged();

/** What the judge says, in the words of the labels. */
function sayingOf({ verdict, violations, method }: CaseFinished, { is }: Label): Partial<Label> & object {
  if (verdict === 'skip') return { is: 'uncovered' };
  const [first] = violations.filter(({ level }) => level === 'must');
  if (first === undefined) return { is: 'valid' };
  return is === 'misrouted' && method !== null
    ? { is, reached: method, rule: first.rule }
    : { is: 'faulty', rule: first.rule };
}

describe('the labels of the recorded exchanges', () => {
  it('cover all of them', () => {
    expect([...table.keys()].toSorted((a, b) => a - b)).toEqual(recorded.map((_, place) => place));
  });

  it('call valid only what the server ran', () => {
    const wrong = recorded.flatMap(({ routedTo, response }, place) =>
      table.get(place)?.is === 'valid' && (routedTo === null || response.status === 400) ? [place] : [],
    );
    expect(wrong).toEqual([]);
  });

  it('call misrouted what the server ran as the method named', () => {
    for (const [place, label] of table) {
      if (label.is !== 'misrouted') continue;
      expect(recorded[place]?.routedTo?.toUpperCase().split(':')[0], String(place)).toBe(label.reached);
      expect(recorded[place]?.response.status, String(place)).toBeLessThan(300);
    }
  });
});

describe('traffic of the open-source server', () => {
  it.each(
    [...table].map(([place, label]) => ({
      place,
      label,
      line: `${recorded[place]?.request.verb} ${recorded[place]?.request.url}`.slice(0, 80),
    })),
  )('exchange $place is $label.is: $line', ({ place, label }) => {
    const event = events.get(place);
    if (event === undefined) throw new Error(`exchange ${place} was not judged`);
    const { why: _, ...expected } = label;
    expect(sayingOf(event, label)).toEqual(expected);
  });

  it('has no answer that breaks a rule', () => {
    const wrong = [...events].flatMap(([place, { violations }]) =>
      violations
        .filter(({ level, where }) => level === 'must' && !where.startsWith('request'))
        .map(({ rule }) => `${place} ${rule}`),
    );
    expect(wrong).toEqual([]);
  });
});
