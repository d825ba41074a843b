/** Whether an expected value is well formed: known matchers, their operands, none beside ordinary members. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { compilePattern, needsDeadline } from '../schema/patterns.ts';
import { error, warning, type Problems } from './problem.ts';

/** What a matcher takes: `expected`: a value with matchers; `value`: a value as it stands. */
type Operand = 'boolean' | 'type' | 'regex' | 'expected' | 'expected-list' | 'number' | 'value';

// prettier-ignore
export const MATCHERS: ReadonlyMap<string, Operand> = new Map<string, Operand>([
  ['$present', 'boolean'], ['$type', 'type'], ['$regex', 'regex'], ['$in', 'expected-list'], ['$not', 'expected'],
  ['$gt', 'number'], ['$gte', 'number'], ['$lt', 'number'], ['$lte', 'number'], ['$length', 'expected'],
  ['$contains', 'expected'], ['$unordered', 'expected-list'], ['$each', 'expected'], ['$equals', 'value'],
]);

const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['$any', 'write `$present: true`'],
  ['$absent', 'write `$present: false`'],
  ['$exists', 'write `$present: true` or `$present: false`'],
  ['$eq', 'write the value itself, or `$equals`'],
  ['$ne', 'write `$not`'],
  ['$nin', 'write `$not: { $in: [..] }`'],
  ['$size', 'write `$length`'],
  ['$match', 'write `$regex`'],
  ['$or', 'write `$in: [..]`'],
  ['$oneOf', 'write `$in: [..]`'],
]);

/** The commands of a patch begin with `$`, too; an expected patch holds them as members. */
export const PATCH_COMMANDS: readonly string[] = ['$set', '$delete', '$reorder'];

function namesMatcher(name: string): boolean {
  return name.startsWith('$') && !PATCH_COMMANDS.includes(name);
}

/** An object all of whose names begin with `$` and are no commands of a patch, and that has any. */
export function isMatcher(value: Json): value is JsonObject {
  if (!isJsonObject(value)) return false;
  let names = 0;
  for (const name in value) {
    if (!namesMatcher(name)) return false;
    names++;
  }
  return names > 0;
}

/** Most expectations are plain values; they need no further look. */
function holdsMatcher(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isJsonArray(value)) return value.some(holdsMatcher);
  for (const name in value) if (namesMatcher(name) || holdsMatcher(value[name] ?? null)) return true;
  return false;
}

/** Told of every type that a `$type` names. */
export type OnType = (written: string | JsonObject, pointer: string) => void;

/** Looks through the whole value; `pointer` is asked for only when something is wrong. */
export function checkMatcherSyntax(value: Json, pointer: () => string, problems: Problems, onType: OnType): void {
  if (!holdsMatcher(value)) return;
  if (isJsonArray(value)) {
    value.forEach((item, index) => checkMatcherSyntax(item, () => `${pointer()}/${index}`, problems, onType));
    return;
  }
  if (!isJsonObject(value)) return;

  const names = Object.keys(value);
  const operators = names.filter(namesMatcher);
  if (operators.length > 0 && operators.length < names.length) {
    problems.push(
      error(
        'mixed-matcher',
        `${pointer()}/${escapeSegment(operators[0] ?? '')}`,
        `the matcher \`${operators[0]}\` stands beside ordinary members`,
        {
          part: 'name',
          fix: 'put the matcher on the member that it is about; for literal `$` names write `$equals`',
          see: 'expectations',
        },
      ),
    );
    return;
  }
  for (const name of names) {
    const member = value[name] ?? null;
    const here = (): string => `${pointer()}/${escapeSegment(name)}`;
    if (operators.length === 0) checkMatcherSyntax(member, here, problems, onType);
    else checkMatcher(name, member, here, problems, onType);
  }
}

function checkMatcher(name: string, operand: Json, pointer: () => string, problems: Problems, onType: OnType): void {
  const takes = MATCHERS.get(name);
  if (takes === undefined) {
    const meant = didYouMean(name, MATCHERS.keys());
    const fix =
      FOREIGN.get(name) ??
      (meant === null
        ? `write one of ${[...MATCHERS.keys()].join(', ')}; for a literal \`${name}\` write \`$equals\``
        : `did you mean \`${meant}\`?`);
    problems.push(
      error('unknown-matcher', pointer(), `there is no matcher \`${name}\``, {
        part: 'name',
        fix,
        see: 'expectations',
      }),
    );
    return;
  }
  const wrong = (wants: string): void => {
    problems.push(
      error('matcher-operand', pointer(), `\`${name}\` takes ${wants}, not ${describeValue(operand)}`, {
        fix: `write ${wants}`,
        see: 'expectations',
      }),
    );
  };

  switch (takes) {
    case 'boolean':
      if (typeof operand !== 'boolean') wrong('true or false');
      return;
    case 'type':
      if (typeof operand !== 'string' && !isJsonObject(operand)) wrong('a type, or a JSON Schema');
      else onType(operand, pointer());
      return;
    case 'regex':
      if (typeof operand !== 'string') wrong('a regular expression as text');
      else checkRegex(operand, pointer, problems);
      return;
    case 'number':
      if (typeof operand !== 'number' && typeof operand !== 'bigint' && !isVariable(operand)) wrong('a number');
      return;
    case 'expected-list':
      if (!isJsonArray(operand)) wrong('a list');
      else checkMatcherSyntax(operand, pointer, problems, onType);
      return;
    case 'expected':
      checkMatcherSyntax(operand, pointer, problems, onType);
      return;
    case 'value':
      return;
  }
}

function isVariable(operand: Json): boolean {
  return typeof operand === 'string' && /^\$\{[^}]+\}$/.test(operand);
}

function checkRegex(source: string, pointer: () => string, problems: Problems): void {
  const compiled = compilePattern(source);
  if ('problem' in compiled) {
    const fix = 'write it in single quotes, with ECMAScript syntax';
    problems.push(
      error('bad-pattern', pointer(), `not a regular expression: ${compiled.problem}`, { fix, see: 'expectations' }),
    );
  } else if (needsDeadline(source)) {
    const message =
      'look-around and back-references can take endless time; the expression runs under a deadline and counts as not matched when it expires';
    problems.push(warning('slow-pattern', pointer(), message, { fix: 'write it without them', see: 'expectations' }));
  }
}
