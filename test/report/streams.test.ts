import { describe, expect, it } from 'vitest';
import { fanOut, type Output } from '../../src/report/fan-out.ts';
import { ndjsonReporter, readStream } from '../../src/report/ndjson.ts';
import type { Reporter } from '../../src/report/reporter.ts';
import { REPORTERS } from '../../src/report/reporters.ts';
import { textReporter } from '../../src/report/text.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { caseFinished, manyCases, runEnded, runStarted, sampleRun } from '../support/events.ts';
import { optionsOf, render } from '../support/render.ts';

function outputOf(
  name: string,
  reporter: Reporter,
): Output & { readonly written: string[]; readonly states: string[] } {
  const written: string[] = [];
  const states: string[] = [];
  const sink = {
    write: (text: string) => void written.push(text),
    finish: async () => void states.push('finished'),
    discard: async () => void states.push('discarded'),
  };
  return { name, path: `${name}.out`, reporter, sink, options: optionsOf(), written, states };
}

const broken: Reporter = async (events) => {
  let seen = 0;
  for await (const _ of events) if ((seen += 1) === 3) throw new Error('no ink');
};

const lazy: Reporter = async (events) => {
  for await (const _ of events) break;
};

async function* breaking(): AsyncGenerator<RunEvent> {
  yield runStarted();
  yield caseFinished();
  throw new Error('a fault of the run');
}

const full = async (): Promise<void> => {
  throw new Error('ENOSPC');
};

const lines = async (): Promise<string[]> => (await render(ndjsonReporter, sampleRun())).trimEnd().split('\n');
const readAll = async (
  text: Iterable<string>,
): Promise<{ events: RunEvent[]; damaged: readonly object[]; count: number }> => {
  const reading = readStream(text);
  const events: RunEvent[] = [];
  for await (const event of reading.events) events.push(event);
  return { events, damaged: reading.damaged, count: reading.damagedCount() };
};

describe('the fan-out', () => {
  it('gives every reporter every event in order', async () => {
    const outputs = [outputOf('first', ndjsonReporter), outputOf('second', ndjsonReporter)];
    const failures = await fanOut(manyCases(1500), outputs);

    expect(failures).toEqual([]);
    const texts = outputs.map(({ written }) => written.join(''));
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]?.split('\n')).toHaveLength(1503);
    expect(texts[0]).toBe(await render(ndjsonReporter, manyCases(1500)));
  });

  it('names a reporter that throws, discards its output and finishes the others', async () => {
    const outputs = [outputOf('broken', broken), outputOf('text', textReporter)];
    const failures = await fanOut(manyCases(2000), outputs);

    expect(failures.map(({ name, path, message }) => ({ name, path, message }))).toEqual([
      { name: 'broken', path: 'broken.out', message: 'The reporter broken failed: no ink' },
    ]);
    expect(outputs[0]?.states).toEqual(['discarded']);
    expect(outputs[1]?.states).toEqual(['finished']);
    expect(outputs[1]?.written.join('')).toContain('1920 passed, 80 failed');
  });

  it('goes on past a reporter that stops reading', async () => {
    const outputs = [outputOf('lazy', lazy), outputOf('ndjson', ndjsonReporter)];
    expect(await fanOut(manyCases(2000), outputs)).toEqual([]);
    expect(outputs[1]?.written.join('').split('\n')).toHaveLength(2003);
  });

  it('lets every reporter render what came before the run itself broke, then throws', async () => {
    const output = outputOf('text', textReporter);
    await expect(fanOut(breaking(), [output])).rejects.toThrow('a fault of the run');
    expect(output.written.join('')).toContain('incomplete: the stream ends before the run did');
    expect(output.states).toEqual(['finished']);
  });

  it('never holds more events than its bound for a reporter that is slow', async () => {
    let made = 0;
    let read = 0;
    let ahead = 0;
    async function* counting(): AsyncGenerator<RunEvent> {
      for await (const event of manyCases(3000)) {
        made += 1;
        ahead = Math.max(ahead, made - read);
        yield event;
      }
    }
    const slow: Reporter = async (events) => {
      for await (const _ of events) {
        read += 1;
        if (read % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await fanOut(counting(), [outputOf('slow', slow), outputOf('fast', ndjsonReporter)]);
    expect(read).toBe(3002);
    expect(ahead).toBeLessThan(600);
  });
});

describe('the stream writer', () => {
  it('writes what one turn of the event loop brings at once, so that few writes lose nothing', async () => {
    const writes: string[] = [];
    const { promise: gate, resolve: release } = deferred();
    async function* hanging(): AsyncGenerator<RunEvent> {
      yield runStarted();
      for (let index = 0; index < 50; index += 1) yield caseFinished({ id: `a/GET/${index}` });
      await gate;
      yield runEnded([]);
    }
    const done = ndjsonReporter(hanging(), (text) => void writes.push(text), optionsOf());
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    // The run hangs now, as a killed one would: all that finished is out already.
    expect(writes.join('').split('\n')).toHaveLength(52);
    expect(writes.length).toBeLessThan(5);
    release();
    await done;
    expect(writes.join('').split('\n')).toHaveLength(53);
  });

  it('rejects when the disk does, and does not go on', async () => {
    await expect(ndjsonReporter(manyCases(100), full, optionsOf())).rejects.toThrow('ENOSPC');
  });
});

describe('reading a stream back', () => {
  it('keeps every event before a cut last line, which it counts', async () => {
    const whole = await lines();
    const cut = [...whole.slice(0, 5), (whole[5] ?? '').slice(0, 200)];
    const { events, damaged } = await readAll(cut);
    expect(events).toHaveLength(5);
    expect(damaged).toEqual([{ line: 6, reason: 'cut off' }]);
  });

  it.each([
    ['{"type":"case"}', '`id` of the case event is missing or of another type'],
    ['{"type":"other"}', 'no event of this version: `type` is none of run, case, coverage, mutation, end'],
    ['[1]', 'not an object'],
    ['nonsense}', 'not JSON'],
    ['{"type":"run","schemaVersion":9}', 'schema version 9, this version reads 1'],
    ['{"type":"end"}', '`verdicts` of the end event is missing or of another type'],
  ])('leaves out the line %s and goes on', async (line, reason) => {
    const whole = await lines();
    const { events, damaged } = await readAll([whole[0] ?? '', line, ...whole.slice(1)]);
    expect(events).toEqual(sampleRun());
    expect(damaged).toEqual([{ line: 2, reason }]);
  });

  it('counts damage beyond what it lists', async () => {
    const { damaged, count } = await readAll(Array.from({ length: 500 }, () => '{'));
    expect(count).toBe(500);
    expect(damaged).toHaveLength(20);
  });

  it('reads past a byte order mark, empty lines and carriage returns', async () => {
    const whole = await lines();
    const { events, count } = await readAll([`\ufeff${whole[0]}\r`, '', ...whole.slice(1)]);
    expect(events).toEqual(sampleRun());
    expect(count).toBe(0);
  });

  it('lets through only what every reporter renders, whatever member is missing or of another type', async () => {
    const whole = await lines();
    const reporters = await Promise.all([...REPORTERS.values()].map(({ load }) => load()));
    let refused = 0;
    let rendered = 0;
    for (const line of [whole[0], whole[16], whole.at(-1)]) {
      for (const copy of brokenCopies(JSON.parse(line ?? ''))) {
        const { events, count } = await readAll([whole[0] ?? '', JSON.stringify(copy)]);
        refused += count;
        if (count > 0) continue;
        rendered += 1;
        for (const reporter of reporters) expect(await render(reporter, events)).not.toBe('');
      }
    }
    expect(refused).toBeGreaterThan(500);
    expect(rendered).toBeGreaterThan(20);
  }, 60_000);
});

/** Copies in which one member, at any depth, is gone or holds another type. */
function* brokenCopies(value: unknown, depth = 0): Generator {
  if (typeof value !== 'object' || value === null || depth > 5) return;
  for (const key of Object.keys(value)) {
    const member: unknown = Reflect.get(value, key);
    for (const other of [undefined, null, 7, 'text', [], {}])
      yield Array.isArray(value) ? withItem(value, key, other) : { ...value, [key]: other };
    for (const inner of brokenCopies(member, depth + 1))
      yield Array.isArray(value) ? withItem(value, key, inner) : { ...value, [key]: inner };
  }
}

function withItem(list: readonly unknown[], key: string, item: unknown): readonly unknown[] {
  return list.map((one, index) => (String(index) === key ? item : one));
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => resolvers.push(resolve));
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}
