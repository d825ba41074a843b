/** curl commands -> the requests that they send. Source: the manual of curl, as far as it concerns what is sent. */
import { credentialsOf, type Credential } from './credentials.ts';
import { headerOf, type HttpRequest } from './exchange.ts';
import { shellCommands, type ShellWord } from './shell-words.ts';
import type { ReadProblem, Span } from './span.ts';
import { splitUrl } from './split-url.ts';

export interface CurlRequest {
  readonly request: HttpRequest;
  /** The word `curl` of its command. */
  readonly at: Span;
}

/**
 * The requests of a text: one command or a script of them; other commands are passed over.
 *
 * Files that a command reads its body from are not opened: a warning says so.
 */
export function readCurl(text: string): {
  readonly requests: readonly CurlRequest[];
  readonly problems: readonly ReadProblem[];
  /** Secrets of options that no request shows: passphrases of keys, credentials for a proxy. */
  readonly credentials: readonly Credential[];
} {
  const read = shellCommands(text);
  if ('unclosed' in read) {
    const at = { start: read.unclosed, end: read.unclosed + 1 };
    const message = 'a quote that opens here is never closed';
    return { requests: [], problems: [{ severity: 'error', message, at, fix: 'close it' }], credentials: [] };
  }

  const problems: ReadProblem[] = [];
  const credentials: Credential[] = [];
  const requests = read.commands.flatMap((words): CurlRequest[] => {
    const begin = words.findIndex((word) => /(?:^|\/)curl(?:\.exe)?$/.test(word.text));
    const command = words[begin];
    if (command === undefined) return [];
    const request = readCommand(
      words.slice(begin + 1),
      (message, word) => void problems.push({ severity: 'warning', message, at: word ?? command, fix: null }),
      credentials,
    );
    return request === null ? [] : [{ request, at: command }];
  });
  return { requests, problems, credentials };
}

/** What an option does to the request that is being read. */
interface Call {
  verb: string | null;
  url: string | null;
  readonly headers: [string, string][];
  readonly body: string[];
  readonly credentials: Credential[];
  bodyInUrl: boolean;
}

type Effect = (call: Call, value: string) => string | null;

const data: Effect = (call, value) => {
  if (value.startsWith('@'))
    return `the body stands in the file ${value.slice(1)}, which is not read; the request is taken without it`;
  call.body.push(value);
  return null;
};
const header =
  (name: string): Effect =>
  (call, value) => {
    call.headers.push([name, value]);
    return null;
  };
const nothing: Effect = () => null;
/** What is not sent to the endpoint, but may not be shown either. */
const withheld: Effect = (call, value) => {
  call.credentials.push(...credentialsOf([['Authorization', value]]));
  return null;
};

/** Options with a value. Others that take one and do not touch the request are at the end. */
const VALUED: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['-X', (call, value) => ((call.verb = value.toUpperCase()), null)],
  ['--request', (call, value) => ((call.verb = value.toUpperCase()), null)],
  ['--url', (call, value) => ((call.url = value), null)],
  ['-H', readHeader],
  ['--header', readHeader],
  ['-d', data],
  ['--data', data],
  ['--data-ascii', data],
  ['--data-binary', data],
  ['--data-raw', (call, value) => (call.body.push(value), null)],
  [
    '--json',
    (call, value) => (
      call.headers.push(['Content-Type', 'application/json'], ['Accept', 'application/json']),
      data(call, value)
    ),
  ],
  ['-A', header('User-Agent')],
  ['--user-agent', header('User-Agent')],
  ['-b', header('Cookie')],
  ['--cookie', header('Cookie')],
  ['-e', header('Referer')],
  ['--referer', header('Referer')],
  ['-u', header('Authorization')],
  ['--user', header('Authorization')],
  ['--oauth2-bearer', header('Authorization')],
  ...['-U', '--proxy-user', '--pass', '--proxy-pass', '-E', '--cert', '--proxy-cert', '--tlspassword'].map(
    (name) => [name, withheld] as const,
  ),
  ['--proxy-header', readProxyHeader],
  ...[
    '-o',
    '--output',
    '-m',
    '--max-time',
    '--connect-timeout',
    '--retry',
    '--retry-delay',
    '-x',
    '--proxy',
    '-w',
    '--write-out',
    '--cacert',
    '--key',
    '-D',
    '--dump-header',
    '-c',
    '--cookie-jar',
    '--resolve',
    '-K',
    '--config',
    '--trace',
    '--trace-ascii',
    '--stderr',
    '--limit-rate',
    '--max-redirs',
    '--ciphers',
    '--interface',
    '-r',
    '--range',
  ].map((name) => [name, nothing] as const),
]);

const FLAGS: ReadonlyMap<string, (call: Call) => void> = new Map<string, (call: Call) => void>([
  ['-G', (call) => void (call.bodyInUrl = true)],
  ['--get', (call) => void (call.bodyInUrl = true)],
  ['-I', (call) => void (call.verb = 'HEAD')],
  ['--head', (call) => void (call.verb = 'HEAD')],
]);

function readHeader(call: Call, value: string): string | null {
  const line = /^([^:;]+)(?::\s*(.*)|;)$/s.exec(value);
  if (line === null) {
    const [, name = '', rest = ''] = /^\s*(\S+)\s+(.*)$/s.exec(value) ?? [];
    call.credentials.push(...credentialsOf([[name, rest]]));
    // Not quoted: who forgets the colon may have written a token.
    return 'this is no header line; it is left out';
  }
  // `Name:` without a value takes a header away.
  if (line[2] !== '') call.headers.push([line[1] ?? '', line[2] ?? '']);
  return null;
}

function readProxyHeader(call: Call, value: string): string | null {
  const colon = value.indexOf(':');
  call.credentials.push(...credentialsOf([[value.slice(0, Math.max(0, colon)), value.slice(colon + 1)]]));
  return null;
}

function readCommand(
  words: readonly ShellWord[],
  tell: (message: string, word: ShellWord | null) => void,
  credentials: Credential[],
): HttpRequest | null {
  const call: Call = { verb: null, url: null, headers: [], body: [], credentials, bodyInUrl: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    if (!word.text.startsWith('-') || word.text === '-') {
      call.url ??= word.text;
      continue;
    }
    const { name, glued } = optionOf(word.text);
    const effect = VALUED.get(name);
    if (effect === undefined) {
      FLAGS.get(name)?.(call);
      if (UNSENT.has(name))
        tell(`\`${name}\` sends what a contract has no form for; the request is taken without it`, word);
      if (UNSENT.has(name) && glued === null) at++;
      continue;
    }
    const value = glued ?? words[++at]?.text;
    const problemText = value === undefined ? `\`${name}\` has no value` : effect(call, value);
    if (problemText !== null) tell(problemText, word);
  }

  const url = call.url === null ? null : splitUrl(call.url);
  if (url === null) {
    tell(call.url === null ? 'the command has no URL' : 'this is no http URL', null);
    return null;
  }
  const body = call.body.length === 0 ? null : call.body.join('&');
  const target =
    call.bodyInUrl && body !== null ? `${url.target}${url.target.includes('?') ? '&' : '?'}${body}` : url.target;
  const sent = call.bodyInUrl || body === null ? null : Buffer.from(body, 'utf8');
  if (sent !== null && headerOf(call.headers, 'content-type') === null)
    call.headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
  return {
    verb: call.verb ?? (sent === null ? 'GET' : 'POST'),
    origin: url.origin,
    target,
    headers: call.headers,
    body: sent,
  };
}

/** Options that change the body in ways that are not followed. */
const UNSENT: ReadonlySet<string> = new Set([
  '-F',
  '--form',
  '--data-urlencode',
  '-T',
  '--upload-file',
  '--form-string',
  '--url-query',
]);

/** `-XPOST`, `--request=POST` and `-sS` as name and value. */
function optionOf(text: string): { readonly name: string; readonly glued: string | null } {
  if (text.startsWith('--')) {
    const equals = text.indexOf('=');
    return equals < 0 ? { name: text, glued: null } : { name: text.slice(0, equals), glued: text.slice(equals + 1) };
  }
  for (let at = 1; at < text.length; at++) {
    const name = `-${text[at] ?? ''}`;
    if (VALUED.has(name) || UNSENT.has(name)) return { name, glued: at + 1 < text.length ? text.slice(at + 1) : null };
    if (FLAGS.has(name)) return { name, glued: null };
  }
  return { name: text.slice(0, 2), glued: null };
}
