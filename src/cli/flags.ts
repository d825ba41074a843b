/** What single flags may hold. Each reader throws commander's InvalidArgumentError, which ends in exit code 2. */
import { InvalidArgumentError } from 'commander';
import { readMinimums, type CoverageMinimums } from '../run/coverage-minimums.ts';

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
]);
/** A timer of Node holds 31 bits. */
const MAX_DURATION_MS = 2_147_483_647;

/** `500ms`, `2s`, `1m` in milliseconds; a bare number is refused, since its unit is a guess. */
export function duration(text: string): number {
  const [, digits, unit] = /^(\d{1,10}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS_MS.get(unit ?? '') ?? Number.NaN);
  if (!Number.isFinite(ms) || ms < 1 || ms > MAX_DURATION_MS) {
    throw new InvalidArgumentError('A duration looks like 500ms, 2s or 1m.');
  }
  return Math.round(ms);
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

export interface ShardFlag {
  readonly index: number;
  readonly count: number;
}

export function shard(text: string): ShardFlag {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count)
    throw new InvalidArgumentError('A shard looks like 1/3: its number, from 1, and how many there are.');
  return { index, count };
}

/** `name=value`, repeatable; the value is text, or what it is in JSON when it is a number or a boolean. */
export function variable(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[A-Za-z_][\w-]*=/.test(text)) throw new InvalidArgumentError('A variable looks like name=value.');
  return [...before, text];
}

/** `Name: value`, repeatable, as curl takes it; `Name:` leaves the header out. */
export function header(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:/.test(text))
    throw new InvalidArgumentError("A header looks like 'Name: value'.");
  // oxlint-disable-next-line no-control-regex -- these are the characters that must not pass
  if (/[\r\n\0]/.test(text)) throw new InvalidArgumentError('A header is one line, without control characters.');
  return [...before, text];
}

/** Collects a repeatable flag; commas separate values, too. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ];
}

/** Collects a repeatable flag whose values may hold commas. */
export function each(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

export function oneOf<T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}

/** An address without credentials: `https://host:port/base`. */
export function baseUrl(text: string): string {
  const shown = text.replace(/\/\/[^/@]*@/, '//‹redacted›@');
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
    throw new InvalidArgumentError(`\`${shown}\` has no scheme; write http://${shown} or https://${shown}.`);
  }
  if (!URL.canParse(text)) throw new InvalidArgumentError(`\`${shown}\` is not a URL.`);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InvalidArgumentError(`\`${url.protocol.slice(0, -1)}\` is not spoken here; http and https are.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError(
      `\`${shown}\` holds credentials; put them into \`auth\` of a target, from the environment.`,
    );
  }
  if (url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError(`\`${shown}\` has a query or fragment; only scheme, host and path may stand there.`);
  return text.replace(/\/+$/, '');
}

/** `/gateway/li`: a prefix of paths, without a slash at its end. */
export function basePath(text: string): string {
  if (!/^\/[^?#\s]*$/.test(text)) throw new InvalidArgumentError('A base path looks like /gateway/api.');
  return text.replace(/\/+$/, '');
}

/** `methods=100,statuses=80`: category of coverage -> percent. */
export function minCoverage(text: string): CoverageMinimums {
  const minimums = readMinimums(text);
  if (typeof minimums === 'string') throw new InvalidArgumentError(`${minimums}.`);
  return minimums;
}

/** `90` or `90%`: 0 to 100. */
export function percent(text: string): number {
  const value = /^\d{1,3}(?:\.\d{1,2})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('It must be a percentage from 0 to 100.');
  return value;
}
