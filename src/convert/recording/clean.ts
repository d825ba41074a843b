/** Requests and answers with stand-ins in the place of their secrets. */
import { stringifyJson } from '../../protocol/json.ts';
import type { WireRequest } from '../../protocol/request.ts';
import type { HeaderLines, HttpResponse } from '../../transport/exchange.ts';
import { isSecretHeader } from '../../transport/secret-names.ts';
import { namesOf, textOf } from './harvest.ts';
import { isSecretParameter } from './secret-members.ts';
import type { Secrets } from './secrets.ts';
import { jsonOf } from './shapes.ts';

export function cleanRequest(request: WireRequest, secrets: Secrets): WireRequest {
  return {
    verb: request.verb,
    path: secrets.replace(request.path),
    query: request.query === null ? null : cleanQuery(request.query, secrets),
    headers: cleanHeaders(request.headers, secrets),
    body: request.body === null ? null : cleanBody(request.body, secrets),
  };
}

export function cleanResponse(response: HttpResponse, secrets: Secrets): HttpResponse {
  return {
    status: response.status,
    headers: cleanHeaders(response.headers, secrets),
    body: cleanBody(response.body, secrets),
  };
}

/** A parameter that is secret by its name is one variable, however often it changes: it is no part of what is asked. */
function cleanQuery(query: string, secrets: Secrets): string {
  const names = namesOf(query);
  return query
    .split('&')
    .map((part) => {
      const equals = part.indexOf('=');
      const name = textOf(equals < 0 ? part : part.slice(0, equals));
      if (equals < 0 || equals === part.length - 1) return secrets.replace(part);
      if (!isSecretParameter(name, textOf(part.slice(equals + 1)), names)) return secrets.replace(part);
      return `${secrets.replace(part.slice(0, equals))}=${secrets.standIn(name, ` ${name}`)}`;
    })
    .join('&');
}

function cleanHeaders(headers: HeaderLines, secrets: Secrets): HeaderLines {
  return headers.flatMap(([name, value]): HeaderLines => {
    if (!isSecretHeader(name)) return [[secrets.replace(name), secrets.hide(value)]];
    secrets.leaveOut(name);
    return [];
  });
}

function cleanBody(body: Uint8Array, secrets: Secrets): Uint8Array {
  if (body.byteLength === 0) return body;
  const json = jsonOf(body);
  const text = new TextDecoder().decode(body);
  const clean = json === undefined ? secrets.hide(text) : stringifyJson(secrets.replaceIn(json));
  return Buffer.from(clean, 'utf8');
}
