/** What is secret in a recording: told by the headers it stands in, by its name, or by its shape. */
import { decodeElement, formDecode, type Element } from '../../protocol/encoding.ts';
import type { Json } from '../../protocol/json.ts';
import { partsOf } from '../../protocol/query.ts';
import type { WireRequest } from '../../protocol/request.ts';
import { credentialsInText, credentialsOf, isTelling, type Credential } from '../../transport/credentials.ts';
import type { Recorded } from './recorded.ts';
import { isSecretParameter } from './secret-members.ts';
import { secretMembers, secretsOfText } from './secret-values.ts';
import type { Secrets } from './secrets.ts';
import { jsonOf } from './shapes.ts';

/** A recorded request out of its tunnel, if it was in one that can be read. */
export interface Sent {
  readonly recorded: Recorded;
  readonly wire: WireRequest;
  /** Why its tunnel cannot be read; null: it can, or there is none. */
  readonly unreadable: string | null;
}

/**
 * Makes all secrets of the recording known, those of headers and URLs first.
 *
 * @param credentials - what the reader of the recording found where no request shows it
 * @param source - the text of the recording
 */
export function harvest(
  secrets: Secrets,
  sent: readonly Sent[],
  credentials: readonly Credential[],
  source: string,
): void {
  const seek = (name: string, value: string): void => secrets.seek(name, value);
  const seekAll = (found: readonly Credential[]): void => found.forEach(({ name, value }) => seek(name, value));
  for (const { recorded, wire } of sent) {
    const { request, response } = recorded;
    seekAll(credentialsOf([...request.headers, ...wire.headers, ...(response?.headers ?? [])]));
  }
  seekAll(credentials);
  seekAll(credentialsInText(source));

  for (const { recorded, wire } of sent) {
    const lines = [...recorded.request.headers, ...wire.headers, ...(recorded.response?.headers ?? [])];
    const found = [
      ...lines.flatMap(([, value]) => [...secretsOfText(value)]),
      ...inQuery(wire.query ?? ''),
      ...wire.path.split('/').flatMap((segment) => inElement(segment, '')),
      ...inBody(wire.body),
      ...inBody(recorded.response?.body ?? null),
    ];
    for (const [name, value] of found) seek(name, value);
  }
}

type Found = readonly (readonly [name: string, value: string])[];

function inQuery(query: string): Found {
  const names = namesOf(query);
  return [...partsOf(query)].flatMap(({ name: written, value }): Found => {
    const name = textOf(written);
    const text = textOf(value);
    if (isSecretParameter(name, text, names)) return isTelling(text) ? [[name, text]] : [...inElement(value, name)];
    return [...inElement(value, name), ...secretsOfText(text)];
  });
}

/** Names of the parameters, decoded, in lower case. */
export function namesOf(query: string): ReadonlySet<string> {
  return new Set([...partsOf(query)].map(({ name }) => textOf(name).toLowerCase()));
}

function inElement(text: string, name: string): Found {
  const read = decodeElement(text);
  return 'value' in read ? [...secretMembers(jsonOfElement(read.value), name)] : [];
}

function jsonOfElement(element: Element): Json {
  return element;
}

/** A body that is no JSON may be a form. */
function inBody(body: Uint8Array | null): Found {
  if (body === null || body.byteLength === 0) return [];
  const json = jsonOf(body);
  if (json !== undefined) return [...secretMembers(json)];
  const text = new TextDecoder().decode(body);
  return [...inQuery(text), ...secretsOfText(text)];
}

/** A text of a query, decoded; as it stands if it cannot be. */
export function textOf(written: string): string {
  const decoded = formDecode(written);
  return 'problem' in decoded ? written : decoded.value;
}
