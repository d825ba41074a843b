/** A long BATCH_GET as gateways split it that bound the length of URLs: several requests, one answer. */
import type { Answered, Forwarded, Send } from './gateway.ts';

/** Length of a query that is split, in characters. */
const LONG = 1024;
const KEYS_EACH = 50;

/** The members of one part's answer. */
export type Part = Readonly<Record<string, unknown>>;

/**
 * Sends the keys of a long `ids=List(…)` in parts, one after another.
 *
 * @param join - makes the body of the one answer from those of the parts; its status and headers are the first's
 */
export async function inParts(
  request: Forwarded,
  send: Send,
  join: (parts: readonly Part[]) => Part,
): Promise<Answered> {
  const [before, ids, after] = split(request.target);
  if (request.verb !== 'GET' || ids === null || request.target.length < LONG) return send(request);

  const answers: Answered[] = [];
  for (let i = 0; i < ids.length; i += KEYS_EACH) {
    const list = ids.slice(i, i + KEYS_EACH).join(',');
    answers.push(await send({ ...request, target: `${before}List(${list})${after}` }));
  }
  const [first] = answers;
  const parts = answers.map(({ body }) => objectOf(body));
  if (first === undefined || parts.includes(null)) return first ?? send(request);
  const body = Buffer.from(JSON.stringify(join(parts.filter((part) => part !== null))));
  return { ...first, body };
}

/** One map of all parts. */
export function joined(parts: readonly Part[], member: 'results' | 'errors'): Part {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(mapOf(part, member))));
}

export function mapOf(part: Part | undefined, member: 'results' | 'errors'): Part {
  const held = part?.[member];
  return isMap(held) ? held : {};
}

/** What stands before the list of `ids`, its members as they are encoded, and what comes after it. */
function split(target: string): readonly [before: string, ids: readonly string[] | null, after: string] {
  const start = /[?&]ids=(?=List\()/.exec(target);
  if (start === null) return [target, null, ''];
  const open = start.index + start[0].length + 'List('.length;
  const ids: string[] = [];
  let depth = 0;
  let from = open;
  for (let i = open; i < target.length; i += 1) {
    const character = target[i];
    if (character === '(') depth += 1;
    if (depth === 0 && (character === ',' || character === ')')) {
      ids.push(target.slice(from, i));
      from = i + 1;
      if (character === ')') return [target.slice(0, start.index + start[0].length), ids, target.slice(from)];
    }
    if (character === ')') depth -= 1;
  }
  return [target, null, ''];
}

function objectOf(body: Buffer): Part | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isMap(value) ? value : null;
  } catch {
    return null;
  }
}

function isMap(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
