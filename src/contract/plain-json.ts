/** What a script exports, as JSON; it may hold anything. */
import { jsonObject, type Json } from '../protocol/json.ts';

/** Deeper than any contract, and short of what exhausts the stack. */
const DEEPEST = 200;

/** Members that are undefined are left out, as JSON does; what JSON has no form for is named with its place. */
export function plainJson(value: unknown): { readonly value: Json } | { readonly problem: string } {
  const bad: string[] = [];
  const read = convert(value, '', 0, bad);
  return bad[0] === undefined ? { value: read } : { problem: bad[0] };
}

function convert(value: unknown, place: string, depth: number, bad: string[]): Json {
  const refuse = (what: string): Json => {
    bad.push(`${what} at \`${place === '' ? '/' : place}\``);
    return null;
  };
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
  if (depth > DEEPEST) return refuse('values that nest too deep, or hold themselves,');
  if (Array.isArray(value)) return value.map((item, index) => convert(item, `${place}/${index}`, depth + 1, bad));
  if (typeof value !== 'object') return refuse(value === undefined ? 'nothing' : `a ${typeof value}`);

  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return refuse(`an object of class ${value.constructor.name}`);
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push([name, convert(member, `${place}/${name}`, depth + 1, bad)]);
  }
  return jsonObject(members);
}
