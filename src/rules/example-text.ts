/**
 * Examples as people read them: a single message or exchange as it stands on the wire, and a sequence, as laws need it,
 * as a numbered list without the headers that each of its messages has.
 */
import { HEADERS, headerValue, type HeaderLines } from '../protocol/headers.ts';
import type { RuleExample } from './rule.ts';

type Messages = Pick<RuleExample, 'request' | 'response'>;

/** Whether the rule judges several exchanges together: then it is their order that tells. */
export function isSequence(example: RuleExample): boolean {
  return example.before !== undefined && example.before.length > 0;
}

/** Lines of text, the last one not empty. */
export function exampleLines(example: RuleExample): readonly string[] {
  if (!isSequence(example)) return wireText(example).split('\n');
  return numberedLines([...(example.before ?? []), example]);
}

function wireText({ request, response }: Messages): string {
  return response === undefined ? request.trimEnd() : `${request.trimEnd()}\n\n${response.trimEnd()}`;
}

/** Lines that `http-text.ts` fills in, and the messages that it fills them in for. */
const USUAL: readonly (readonly [name: string, value: string, isDue: (message: Message) => boolean])[] = [
  ['X-RestLi-Protocol-Version', '2.0.0', () => true],
  ['Content-Type', 'application/json', ({ body }) => body !== ''],
  ['X-RestLi-Error-Response', 'true', ({ first, body }) => /^HTTP\/1\.1 [45]/.test(first) && body !== ''],
];

/** Tells which lines to show: a header that any of these messages has, or lacks, in another way than usual; and all others. */
function unusualIn(all: readonly Message[]): (name: string) => boolean {
  const usual = USUAL.filter(([name, value, isDue]) =>
    all.every((message) => headerValue(message.headers, name) === (isDue(message) ? value : null)),
  );
  const left = new Set<string>([HEADERS.method, ...usual.map(([name]) => name)]);
  return (name) => !left.has(name);
}

/** `2. FINDER  GET /books?q=search`, the lines of the request, then those of its answer behind an arrow. */
function numberedLines(all: readonly Messages[]): readonly string[] {
  const requests = all.map(({ request }) => parse(request));
  const answers = all.map(({ response = '' }) => parse(response));
  const [showsAsked, showsAnswered] = [unusualIn(requests), unusualIn(answers)];
  return requests.flatMap((asked, index) => {
    const mark = `${index + 1}. `;
    const answered = answers[index];
    const below = [
      ...linesOf(asked, showsAsked),
      ...(answered === undefined
        ? []
        : [`-> ${answered.first.replace('HTTP/1.1 ', '')}`, ...linesOf(answered, showsAnswered)]),
    ];
    return [`${mark}${requestLine(asked)}`, ...below.map((line) => `${' '.repeat(mark.length)}${line}`.trimEnd())];
  });
}

/** The method stands before the request where it is not the verb. */
function requestLine({ first, headers }: Message): string {
  const line = first.replace(/ HTTP\/1\.1$/, '');
  const method = headerValue(headers, HEADERS.method);
  return method === null || line.startsWith(`${method} `) ? line : `${method}  ${line}`;
}

function linesOf({ headers, body }: Message, shows: (name: string) => boolean): readonly string[] {
  return [
    ...headers.filter(([name]) => shows(name)).map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : body.split(/\r?\n/)),
  ];
}

interface Message {
  readonly first: string;
  readonly headers: HeaderLines;
  readonly body: string;
}

/** The parts of a message that `http-text.ts` wrote. */
function parse(text: string): Message {
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\n');
  const headers = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at), line.slice(at + 1).trim()] as const;
  });
  return { first, headers, body: end < 0 ? '' : text.slice(end + 2).trimEnd() };
}
