/** What the makers of broken input share: a request that would succeed, one fault of it, and how its bytes are changed. */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import type { RefusalKind, RefusalRule } from '../laws/refused.ts';
import type { ProtocolVersion } from '../protocol/dialects.ts';
import { parseJson, stringifyJson, type Json } from '../protocol/json.ts';
import type { MethodProfile } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';

/** One fault in a request that is right otherwise. */
export interface Fault {
  /** Last segment of the id. */
  readonly what: string;
  /** A clause that follows "the request": `names a finder that nobody declared`. */
  readonly does: string;
  /** Who refuses it: every server, those that validate, those that are strict. */
  readonly rule: Extract<RefusalRule, `negative/${string}`>;
  readonly refusal: RefusalKind;
  readonly spec?: Partial<CaseSpec>;
  readonly rewrite?: (request: HttpRequest) => HttpRequest;
  /** Whether an endpoint that takes it at its word could write, although the method it is made of only reads. */
  readonly mayWrite?: boolean;
  /** Whether such an endpoint could touch what this run did not create: then no service is sent it. */
  readonly endangers?: boolean;
}

/** Faults, and how many more were found than are made. */
export interface Faults {
  readonly faults: readonly Fault[];
  readonly left: number;
}

export const NO_FAULTS: Faults = { faults: [], left: 0 };

export function joined(parts: readonly Faults[]): Faults {
  return {
    faults: parts.flatMap(({ faults }) => faults),
    left: parts.reduce((sum, { left }) => sum + left, 0),
  };
}

/** The faults of the first members of a list, where one of a kind proves as much as hundreds. */
export function ofFirst<T>(members: readonly T[], make: (member: T) => readonly Fault[]): Faults {
  return {
    faults: members.slice(0, MOST_MEMBERS).flatMap(make),
    left: Math.max(0, members.length - MOST_MEMBERS),
  };
}

const MOST_MEMBERS = 10;

/** A request that would succeed, as the makers of faults see it. */
export interface Sound {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly profile: MethodProfile;
  readonly spec: CaseSpec;
  /** The version that the request will be written in. */
  readonly protocol: ProtocolVersion;
  readonly seed: number;
  /** Whether the case itself creates what the request names. */
  readonly owned: boolean;
}

/** The key that a request names first: in its path, in `ids`, or in its body; undefined where it names none. */
export function namedKey({ key, ids, entities }: CaseSpec): Json | undefined {
  return key ?? entities?.[0]?.key ?? listOf(ids)[0];
}

/** `ids` as written; none where a variable stands for all of them. */
export function listOf(ids: CaseSpec['ids']): readonly Json[] {
  return typeof ids === 'object' ? ids : [];
}

/** Names in ids: `/` parts ids, and nobody types a space. */
export function idOf(path: readonly string[]): string {
  return path.map((name) => name.replaceAll(/[^\w$-]+/g, '-')).join('.');
}

export function mapTarget(request: HttpRequest, change: (target: string) => string): HttpRequest {
  return { ...request, target: change(request.target) };
}

/** The request with its path changed; the query stays. */
export function mapPath(request: HttpRequest, change: (path: string) => string): HttpRequest {
  return mapTarget(request, (target) => {
    const at = target.indexOf('?');
    return at < 0 ? change(target) : change(target.slice(0, at)) + target.slice(at);
  });
}

/** With the last segment of its path replaced: the key, where it has one. */
export function withLastSegment(request: HttpRequest, text: string): HttpRequest {
  return mapPath(request, (path) => path.slice(0, path.lastIndexOf('/') + 1) + text);
}

/** Without the parameters of these names, whether indexed, dotted or plain; `text` is added where it is not empty. */
export function withQuery(request: HttpRequest, text: string, names: readonly string[] = namesIn(text)): HttpRequest {
  const gone = new Set(names);
  return mapTarget(request, (target) => {
    const at = target.indexOf('?');
    const path = at < 0 ? target : target.slice(0, at);
    const parts = at < 0 ? [] : target.slice(at + 1).split('&');
    const query = [...parts.filter((part) => !gone.has(nameOf(part))), ...(text === '' ? [] : [text])].join('&');
    return query === '' ? path : `${path}?${query}`;
  });
}

function namesIn(text: string): readonly string[] {
  return text.split('&').map(nameOf);
}

/** `ids` of `ids[0].room=x` */
function nameOf(part: string): string {
  return (part.split('=', 1)[0] ?? '').replace(/[.[].*$/, '');
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** With other bytes for its body; null: none. */
export function withBody(request: HttpRequest, body: string | Uint8Array | null): HttpRequest {
  return { ...request, body: typeof body === 'string' ? utf8.encode(body) : body };
}

/** With its body changed as a value; as it is where it is no JSON. */
export function mapBody(request: HttpRequest, change: (body: Json) => Json): HttpRequest {
  if (request.body === null) return request;
  const parsed = parseJson(text.decode(request.body));
  return 'value' in parsed ? withBody(request, stringifyJson(change(parsed.value))) : request;
}

/** With a header replaced. */
export function withHeaderLine(request: HttpRequest, name: string, value: string): HttpRequest {
  const others = request.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: [...others, [name, value]] };
}
