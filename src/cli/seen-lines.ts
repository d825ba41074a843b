/** One request that passed, as lines of a terminal: what came of it, and if it broke a rule, where and how to mend it. */
import { visible, visibleLine } from '../diagnostic/visible.ts';
import type { Judged } from '../traffic/judge.ts';
import { headerValues, type Exchange } from '../transport/exchange.ts';
import type { Violation } from '../verify/violation.ts';

/** Violations of one request that are shown; reports hold the rest. */
const MAX_SHOWN = 3;

export function seenLines(exchange: Exchange, judged: Judged, unjudged: string | null): readonly string[] {
  const { request, response, failure } = exchange;
  const { asked, contract } = judged.judgement;
  const name = asked?.operation?.name ?? null;
  const reached =
    asked === null
      ? contract === null
        ? 'no contract'
        : 'no method'
      : `${asked.method}${name === null ? '' : ` ${name}`}`;
  const answer = response === null ? (failure?.code ?? 'no answer') : String(response.status);
  const head = `${answer} ${request.verb} ${visibleLine(request.target)}  (${unjudged === null ? reached : visibleLine(unjudged)})`;
  if (judged.verdict === 'error') return [head, `    ${visible(failure?.message ?? '')}`];
  if (judged.verdict !== 'fail') return [head];

  const grave = judged.violations.filter(({ level }) => level === 'must');
  const blocks = grave.slice(0, MAX_SHOWN).flatMap((violation) => ['', ...violationLines(exchange, violation)]);
  const more = grave.length > MAX_SHOWN ? ['', `    and ${grave.length - MAX_SHOWN} more`] : [];
  return [head, ...blocks, ...more, ''];
}

function violationLines(exchange: Exchange, violation: Violation): readonly string[] {
  const { rule, message, expected, actual, hint, pointer } = violation;
  const rows: readonly (readonly [string, string | null])[] = [
    ['where', pointer === null || pointer === '' ? null : `${violation.where} ${pointer}`],
    ['expected', expected],
    ['actual', actual],
    ['fix', hint],
  ];
  return [
    ...frame(exchange, violation),
    `    [${rule}] ${visible(message)}`,
    ...rows.flatMap(([label, text]) => (text === null ? [] : [`      ${label.padEnd(9)} ${visibleLine(text)}`])),
    `      explain   restli-contract explain ${rule}`,
  ];
}

/** The line of the request that is wrong, with what is wrong in it underlined. */
function frame({ request }: Exchange, { where, header, actual }: Violation): readonly string[] {
  if (header !== null) {
    const values = headerValues(request.headers, header);
    const lines = values.length === 0 ? [`${header}: (not sent)`] : values.map((value) => `${header}: ${value}`);
    return lines.flatMap((line) => underlined(visibleLine(line), line.length - header.length - 2, header.length + 2));
  }
  const line = visibleLine(`${request.verb} ${request.target}`);
  if (where !== 'request-line') return [`    > ${line}`];
  const at = actual === '' ? -1 : line.indexOf(actual);
  return at < 0 ? underlined(line, request.verb.length, 0) : underlined(line, actual.length, at);
}

function underlined(line: string, length: number, at: number): readonly string[] {
  return [`    > ${line}`, `      ${' '.repeat(at)}${'^'.repeat(Math.max(1, length))}`];
}
