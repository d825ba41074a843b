/** The exchanges of a case as lines to read: what was sent (`>`) and what came back (`<`). */
import type { CaseFinished, EventBody, EventExchange } from '../../src/run/events.ts';

/** Long enough to see what an answer holds. */
const MAX_BODY = 400;

/** Headers that every message has, or that differ from run to run. */
const LEFT_OUT = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'transfer-encoding',
  'user-agent',
]);

export function exchangesText({ attempts }: CaseFinished): string {
  return (attempts.at(-1)?.exchanges ?? []).map(exchangeText).join('\n');
}

function exchangeText({ step, request, response, failure }: EventExchange): string {
  const target = request.url.replace(/^https?:\/\/[^/]+/, '');
  return [
    ...(step === null ? [] : [`# ${step}`]),
    `> ${request.verb} ${target}`,
    ...headerLines(request.headers).map((line) => `> ${line}`),
    ...bodyLines(request.body).map((line) => `> ${line}`.trimEnd()),
    ...(response === null
      ? [`< ${failure?.message ?? 'no answer'}`]
      : [
          `< ${response.status}`,
          ...headerLines(response.headers).map((line) => `< ${line}`),
          ...bodyLines(response.body).map((line) => `< ${line}`.trimEnd()),
        ]),
    '',
  ].join('\n');
}

function headerLines(headers: EventExchange['request']['headers']): readonly string[] {
  return headers.filter(([name]) => !LEFT_OUT.has(name.toLowerCase())).map(([name, value]) => `${name}: ${value}`);
}

/** Stack traces are the server's own, and long. */
function bodyLines(body: EventBody | null): readonly string[] {
  if (body === null || body.text === '') return [];
  const text = body.text.replace(/"stackTrace":"(?:[^"\\]|\\.)*"/, '"stackTrace":"…"').split('\n')[0] ?? '';
  return ['', text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}…` : text];
}
