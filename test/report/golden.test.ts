/**
 * Each stream of `test/golden/reports/` and what every text reporter makes of it. `UPDATE_GOLDEN=1` writes the files anew;
 * read the difference before it is committed.
 */
import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ndjsonReporter, readStream } from '../../src/report/ndjson.ts';
import { REPORTERS } from '../../src/report/reporters.ts';
import type { RunEvent } from '../../src/run/events.ts';
import {
  caseFinished,
  comparedRun,
  hostileRun,
  mutationRun,
  runEnded,
  runStarted,
  sampleCases,
  sampleRun,
  shortRun,
} from '../support/events.ts';
import { render } from '../support/render.ts';

const FOLDER = new URL('../golden/reports/', import.meta.url);
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const RUNS: Readonly<Record<string, () => readonly RunEvent[]>> = {
  'all-verdicts': sampleRun,
  'all-pass-on-mock': () => {
    const cases = sampleCases().filter(({ verdict, violations }) => verdict === 'pass' && violations.length === 0);
    const target = { name: 'mock', baseUrl: null, mode: 'mock', insecure: false, writes: true } as const;
    return [
      runStarted({ target, notes: [], planned: { total: cases.length, selected: cases.length } }),
      ...cases,
      runEnded(cases),
    ];
  },
  interrupted: () => {
    const cases = sampleCases().slice(0, 18);
    return [runStarted(), ...cases, runEnded(cases, { interrupted: 'SIGINT', exitCode: 130 })];
  },
  'cut-off': () => [runStarted(), ...sampleCases().slice(0, 3)],
  'nothing-run': () => {
    const cases = [caseFinished({ verdict: 'skip', skipReason: 'filtered out by --group headers' })];
    return [runStarted({ notes: [] }), ...cases, runEnded(cases, { exitCode: 1 })];
  },
  hostile: () => hostileRun().map(shortened),
  'too-little-covered': shortRun,
  mutants: mutationRun,
  compared: comparedRun,
};

/** File name ending -> reporter and options. */
const RENDERINGS = [
  ['text.txt', 'text', {}],
  ['ascii.txt', 'text', { unicode: false, width: 60 }],
  ['colour.txt', 'text', { colour: true }],
  ['dot.txt', 'dot', {}],
  ['junit.xml', 'junit', {}],
  ['github.txt', 'github', {}],
  ['md', 'markdown', {}],
  ['summary.json', 'summary', {}],
] as const;

describe.each(Object.keys(RUNS))('the run %s', (name) => {
  const events = (): RunEvent[] => [...(RUNS[name]?.() ?? [])];

  it('has the stream that stands in its golden file, and reads it back', async () => {
    const text = await render(ndjsonReporter, events());
    expect(text).toBe(golden(`${name}.ndjson`, text));
    const reading = readStream(text.split('\n'));
    const read: RunEvent[] = [];
    for await (const event of reading.events) read.push(event);
    expect(read).toEqual(events());
    expect(reading.damagedCount()).toBe(0);
  });

  it.each(RENDERINGS)('is rendered as its file %s says', async (ending, reporterName, options) => {
    const reporter = await REPORTERS.get(reporterName)?.load();
    if (reporter === undefined) throw new Error(`no reporter ${reporterName}`);
    const text = await render(reporter, events(), options);
    expect(text).toBe(golden(`${name}.${ending}`, text));
  });
});

/** Text of the file, which `UPDATE_GOLDEN=1` writes first. */
function golden(file: string, text: string): string {
  const url = new URL(file, FOLDER);
  if (UPDATE) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(url, text);
  }
  return existsSync(url) ? readFileSync(url, 'utf8') : `${file} is missing; UPDATE_GOLDEN=1 writes it`;
}

/** The golden file needs no megabyte to show where text is cut. */
function shortened(event: RunEvent): RunEvent {
  const text = JSON.stringify(event)
    .replaceAll(/x{1000,}/g, 'x'.repeat(1000))
    .replaceAll(/n{1000,}/g, 'n'.repeat(400));
  const parsed: RunEvent = JSON.parse(text);
  return parsed;
}
