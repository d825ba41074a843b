/** The formats of recordings, one row each, and which of them a text is. */
import { readCurl } from '../transport/curl-read.ts';
import { readHar } from '../transport/har.ts';
import { readHttpText } from '../transport/http-read.ts';
import { readNdjson } from './ndjson.ts';
import { unanswered, type Reading } from './recording.ts';

export interface RecordingFormat {
  readonly doc: string;
  /** Whether a text looks like it; asked in the order of the table. */
  readonly fits: (text: string) => boolean;
  readonly read: (text: string) => Reading;
}

export const RECORDING_FORMATS: ReadonlyMap<string, RecordingFormat> = new Map<string, RecordingFormat>([
  [
    'har',
    {
      doc: 'HAR 1.2, as browsers and proxies save it',
      fits: (text) => /^\s*\{\s*"log"\s*:/.test(text.replace(/^\uFEFF/, '')),
      read: readHarEntries,
    },
  ],
  [
    'ndjson',
    {
      doc: 'exchanges line by line, as `--record` writes them, or the stream of a run',
      fits: (text) => /^\s*\{/.test(text.replace(/^\uFEFF/, '')),
      read: readNdjson,
    },
  ],
  [
    'curl',
    {
      doc: 'curl command lines, answers unknown',
      fits: (text) => /(?:^|[\s;&|/])curl(?:\.exe)?(?:\s|$)/m.test(text) && !STARTS_AS_HTTP.test(text),
      read: readCurlEntries,
    },
  ],
  [
    'http',
    {
      doc: 'raw HTTP/1.1 text, answers after their requests',
      fits: (text) => /^(?:[A-Z]{3,10} (?:\/|https?:\/\/)\S*|HTTP\/\d)/m.test(text),
      read: readHttpEntries,
    },
  ],
]);

const STARTS_AS_HTTP = /^\s*[A-Z]{3,10} (?:\/|https?:\/\/)/;

/** The format that a text looks like; null: none of them. */
export function formatOf(text: string): string | null {
  for (const [name, { fits }] of RECORDING_FORMATS) if (fits(text)) return name;
  return null;
}

const LOST = {
  'request-body': 'the body of the request was not recorded',
  'response-body': null,
} as const;

/** Where only the body of an answer is missing, its request is judged alone. */
function readHarEntries(text: string): Reading {
  const { entries, problems } = readHar(text);
  return {
    entries: entries.map(({ request, response, missing, durationMs, at }) => ({
      exchange: { request, response, failure: null, durationMs },
      at,
      unjudged: missing === null ? null : LOST[missing],
    })),
    problems,
  };
}

function readCurlEntries(text: string): Reading {
  const { requests, problems, credentials } = readCurl(text);
  return {
    credentials,
    entries: requests.map(({ request, at }) => ({ exchange: unanswered(request), at, unjudged: null })),
    problems,
  };
}

function readHttpEntries(text: string): Reading {
  const { messages, problems } = readHttpText(text);
  return {
    entries: messages.map(({ request, response, at }) => ({
      exchange: { ...unanswered(request), response },
      at,
      unjudged: null,
    })),
    problems,
  };
}
