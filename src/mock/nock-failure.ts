/** What a test that ends with a broken contract fails with. */
import type { Redactor } from '../transport/redact.ts';
import type { Violation } from '../verify/violation.ts';

export interface BrokenRequest {
  readonly verb: string;
  readonly url: string;
  readonly violations: readonly Violation[];
}

/** Thrown where a mock of a unit test ends: its message holds all there is to know, its stack is nobody's business. */
export class ContractBroken extends Error {
  readonly broken: readonly BrokenRequest[];
  /** Methods that were expected and never came. */
  readonly missing: readonly string[];

  constructor(broken: readonly BrokenRequest[], missing: readonly string[], redactor: Redactor) {
    super(redactor.redactText(textOf(broken, missing)));
    this.name = 'ContractBroken';
    this.broken = broken;
    this.missing = missing;
    // The frames lead into the disposal of the mock, not to the request.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Violations shown in full. */
const MAX_SHOWN = 5;

function textOf(broken: readonly BrokenRequest[], missing: readonly string[]): string {
  const all = broken.flatMap(({ verb, url, violations }) => violations.map((violation) => ({ verb, url, violation })));
  const head =
    broken.length === 0
      ? []
      : [`${broken.length === 1 ? 'a request' : `${broken.length} requests`} broke the contract`];
  const blocks = all.slice(0, MAX_SHOWN).map(({ verb, url, violation }) => violationText(`${verb} ${url}`, violation));
  const more = all.length > MAX_SHOWN ? [`and ${all.length - MAX_SHOWN} more violations`] : [];
  const absent = missing.length === 0 ? [] : [`expected and never sent: ${missing.join(', ')}`];
  return [...head, ...blocks, ...more, ...absent].join('\n\n');
}

function violationText(
  line: string,
  { rule, message, expected, actual, hint, pointer, header, at }: Violation,
): string {
  const place = header ?? (pointer === null || pointer === '' ? null : pointer);
  const rows: readonly (readonly [string, string | null])[] = [
    ['where', place],
    ['expected', expected],
    ['actual', actual],
    ['fix', hint],
    ['contract', at === null ? null : `${at.file}:${at.line}:${at.col}`],
    ['explain', `restli-contract explain ${rule}`],
  ];
  const shown = rows.flatMap(([label, value]) => (value === null ? [] : [`  ${label.padEnd(9)} ${value}`]));
  return [line, `  [${rule}] ${message}`, ...shown].join('\n');
}
