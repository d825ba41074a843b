/**
 * Texts of the formats that JSON Schema names, with hosts and addresses that are reserved for documentation.
 */

/** What a text begins with that only has to be some text. */
export const WORDS: readonly string[] = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'harbor'];

/** A whole number from 0 up to, not including, the argument. */
type Below = (most: number) => number;
/** A text of each format, made from random numbers. */
export const FORMATS: ReadonlyMap<string, (below: Below) => string> = new Map<string, (below: Below) => string>([
  ['date-time', (below) => new Date(1_700_000_000_000 + below(100_000_000_000)).toISOString()],
  ['date', (below) => new Date(1_700_000_000_000 + below(100_000_000_000)).toISOString().slice(0, 10)],
  ['time', (below) => `${two(below(24))}:${two(below(60))}:${two(below(60))}Z`],
  ['duration', (below) => `P${below(30) + 1}D`],
  ['email', (below) => `person${below(10_000)}@example.com`],
  ['hostname', (below) => `host${below(10_000)}.example.com`],
  ['ipv4', (below) => `192.0.2.${below(256)}`],
  ['ipv6', (below) => `2001:db8::${below(65_536).toString(16)}`],
  ['uri', (below) => `https://example.com/${below(10_000)}`],
  ['url', (below) => `https://example.com/${below(10_000)}`],
  ['uri-reference', (below) => `/things/${below(10_000)}`],
  ['json-pointer', (below) => `/things/${below(10_000)}`],
  ['regex', () => '^a'],
  ['uuid', (below) => `${hex(below, 8)}-${hex(below, 4)}-4${hex(below, 3)}-8${hex(below, 3)}-${hex(below, 12)}`],
]);

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function hex(below: (most: number) => number, length: number): string {
  return Array.from({ length }, () => below(16).toString(16)).join('');
}
