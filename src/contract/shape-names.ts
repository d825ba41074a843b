/** What is wrong with the names of members: unknown ones, ones of the wrong form, and names that were forgotten. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import { error } from './problem.ts';
import type { MapNode, ObjectNode } from './shape.ts';
import type { Spot } from './shape-spot.ts';

export function tellUnknownName(spot: Spot, shape: ObjectNode, name: string): void {
  const known = [...shape.members.keys()];
  const near = shape.aliases.has(name) ? name : didYouMean(name, [...known, ...shape.aliases.keys()]);
  const advice = near === null ? undefined : shape.aliases.get(near);
  const nearest = near === null ? `drop it, or write one of ${known.join(', ')}` : `did you mean \`${near}\`?`;
  const told =
    shape.member === null ? `${shape.called} has no member \`${name}\`` : `there is no ${shape.member} \`${name}\``;
  spot.tell(
    error('unknown-member', spot.pointer(name), told, {
      part: 'name',
      see: shape.see,
      fix: advice ?? nearest,
      meant: advice === undefined ? (near === null ? [] : [near]) : membersIn(advice),
    }),
  );
}

/** The members that an advice such as ``write `q` `` names. */
function membersIn(advice: string): readonly string[] {
  return [...advice.matchAll(/`(\w+)/g)].map(([, member]) => member ?? '');
}

export function tellBadName(spot: Spot, shape: MapNode, name: string): void {
  const fix = name.startsWith('$')
    ? 'names that begin with `$` belong to Rest.li or to the format'
    : `write ${shape.called}: ${describePattern(shape.names)}`;
  spot.tell(
    error('bad-name', spot.pointer(name), `\`${name}\` is not ${shape.called}`, {
      part: 'name',
      fix,
    }),
  );
}

/**
 * `FINDER: { params: … }`: the name of the finder was forgotten. A finder may be named `params`; then what it holds are
 * members of a finder.
 *
 * @returns whether that is what happened; it has been told then
 */
export function tellForgottenName(spot: Spot, shape: MapNode, value: Json): boolean {
  const { holds } = shape;
  if (holds === null) return false;
  const here = spot.subject().replaceAll('`', '');
  if (!isJsonObject(value)) {
    const fix = `write the name of ${holds.what} below it: \`${here}: { NAME: }\``;
    spot.tell(
      error('wrong-type', spot.pointer(), `\`${here}\` holds names, not ${describeValue(value)}`, {
        part: 'name',
        fix,
        see: 'methods',
      }),
    );
    return true;
  }
  const names = Object.keys(value);
  const stray = names.find((name) => holds.members.has(name) && !isOperation(value[name] ?? null, holds.members));
  if (stray === undefined || !names.every((name) => holds.members.has(name))) return false;
  spot.tell(
    error('name-forgotten', spot.pointer(stray), `\`${here}\` holds names, and \`${stray}\` is what a name promises`, {
      part: 'name',
      fix: `write the name of ${holds.what} above it: \`${here}: { NAME: { ${stray}: … } }\``,
      see: 'methods',
    }),
  );
  return true;
}

function isOperation(value: Json, members: ReadonlySet<string>): boolean {
  if (value === null) return true;
  return isJsonObject(value) && Object.keys(value).every((name) => members.has(name) || name.startsWith('x-'));
}

function describePattern(names: RegExp): string {
  if (names.source.startsWith('^[45]')) return '400 to 599';
  if (names.source.includes('\\/[a-z0-9-]+')) return '`family/kebab-case`';
  return names.source.includes('\\?')
    ? 'letters, digits, `_`, `.` and `-`; a `?` at its end says that it may be absent'
    : 'letters, digits and `_`';
}
