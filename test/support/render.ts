/** Runs a reporter over events and keeps its text. */
import type { Reporter, ReporterOptions } from '../../src/report/reporter.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { streamOf } from './events.ts';

/** Lines 1 to 40 that look like a contract, so that code frames have something to show. */
const CONTRACT = [
  'contract: 1',
  'resource: books',
  'methods:',
  '  GET: { description: one book }',
  '  GET_ALL:',
  '  BATCH_GET: { maxBatchSize: 100 }',
  '  CREATE: { returnsEntity: false }',
  'types:',
  '  Book:',
  '    type: object',
  '    properties:',
  '      id: { $ref: "#/types/long" }',
  '      title: { type: string }',
  '      genre: { enum: [POETRY, NOVEL, ATLAS] }',
].join('\n');

export function optionsOf(overrides: Partial<ReporterOptions> = {}): ReporterOptions {
  return {
    colour: false,
    width: 100,
    unicode: true,
    strict: false,
    readFile: (file) => (file.startsWith('contracts/') ? CONTRACT : null),
    stream: 'reports/results.ndjson',
    ...overrides,
  };
}

export async function render(
  reporter: Reporter,
  events: Iterable<RunEvent> | AsyncIterable<RunEvent>,
  overrides: Partial<ReporterOptions> = {},
): Promise<string> {
  const parts: string[] = [];
  const stream = Symbol.asyncIterator in events ? events : streamOf(events);
  await reporter(stream, (text) => void parts.push(text), optionsOf(overrides));
  return parts.join('');
}
