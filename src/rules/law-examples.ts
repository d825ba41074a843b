/** Exchanges on the example library, as the examples of laws need them. */
import { request, response } from './http-text.ts';
import type { RuleExample } from './rule.ts';

export interface ExampleExchange {
  readonly request: string;
  readonly response: string;
}

/** Several exchanges that are judged together, in their order. */
export function exchanges(...all: readonly ExampleExchange[]): RuleExample {
  const last = all[all.length - 1];
  if (last === undefined) throw new Error('Failed to write an example: it has no exchange');
  return { ...last, before: all.slice(0, -1) };
}

/** A book as the library answers it; `more` are further members. */
export function book(id: number, title: string, more = ''): string {
  return `{"id":${id},"isbn":"978-${id}","title":"${title}","genre":"POETRY","addedAt":1${more}}`;
}

/** The same as a client sends it. */
export function sentBook(title: string, more = ''): string {
  return `{"isbn":"978-1","title":"${title}","genre":"POETRY"${more}}`;
}

export function found(id: number, body: string): ExampleExchange {
  return { request: request('GET', `GET /books/${id}`), response: response(200, body) };
}

export function notFound(id: number): ExampleExchange {
  return { request: request('GET', `GET /books/${id}`), response: response(404, '{"status":404}') };
}

/** A GET of the path (`/books?start=0`) under its method, answered 200. */
export function read(
  method: string,
  target: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ExampleExchange {
  return {
    request: request(method, `GET ${target}`, null, headers),
    response: response(200, body, headers['X-RestLi-Protocol-Version'] === undefined ? {} : headers),
  };
}

/** A write without an answer body. */
export function write(method: string, line: string, body: string | null, status = 204): ExampleExchange {
  return { request: request(method, line, body), response: response(status) };
}

export function created(id: number, body: string): ExampleExchange {
  return {
    request: request('CREATE', 'POST /books', body),
    response: response(201, null, { 'X-RestLi-Id': String(id), Location: `/books/${id}` }),
  };
}

/** A list of these elements; `more` are further members of the body. */
export function list(elements: readonly string[], more = ''): string {
  return `{"elements":[${elements.join(',')}]${more}}`;
}

export function page(start: number, count: number, total: number | null = null, next: number | null = null): string {
  const links =
    next === null ? '' : `{"rel":"next","type":"application/json","href":"/books?start=${next}&count=${count}"}`;
  return `,"paging":{"start":${start},"count":${count},"links":[${links}]${total === null ? '' : `,"total":${total}`}}`;
}

export function results(
  entries: Readonly<Record<string, string>>,
  errors: Readonly<Record<string, string>> = {},
): string {
  const map = (all: Readonly<Record<string, string>>): string =>
    Object.entries(all)
      .map(([key, value]) => `"${key}":${value}`)
      .join(',');
  return `{"results":{${map(entries)}},"errors":{${map(errors)}}}`;
}
