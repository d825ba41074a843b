/** What an endpoint does with broken input: judged on the requests of group `negative`, each with one fault. */
import { request, response } from './http-text.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const ERROR = '{"status":400}';
const BOOK = '{"id":1,"isbn":"978-1","title":"Tides","genre":"POETRY","addedAt":1}';
const NEW = { 'X-RestLi-Id': '7', Location: '/books/7' };

export const negative: readonly Rule[] = [
  {
    id: 'negative/refused',
    level: 'must',
    title: 'A request that cannot be understood is refused',
    why: 'A key, parameter, name or body that has no reading leaves nothing that could be done.',
    consequence: 'The endpoint does something that the client did not ask for, and calls it a success.',
    fix: 'Answer 400 before anything is done; 404 serves for keys and paths, 405 for verbs, 422 for values. A redirect refuses nothing.',
    source: SOURCES.server,
    keeps: { request: request('GET', 'GET /books/abc'), response: response(400, ERROR) },
    breaks: { request: request('GET', 'GET /books/abc'), response: response(200, BOOK) },
  },
  {
    id: 'negative/validated',
    level: 'should',
    title: 'Input that breaks its schema is refused',
    why: 'The open-source server validates only where a filter is installed, and meets some malformed keys with a fault of its own; without validation, what is stored breaks what reads it.',
    consequence: 'The broken entity is stored, and every later read answers what no contract allows.',
    fix: 'Validate input against its schema, nested members, patches and sizes of batches included, and answer 422 or 400.',
    source: SOURCES.server,
    keeps: { request: request('CREATE', 'POST /books', '{"isbn":"978-1"}'), response: response(422, '{"status":422}') },
    breaks: { request: request('CREATE', 'POST /books', '{"isbn":"978-1"}'), response: response(201, null, NEW) },
  },
  {
    id: 'negative/advised',
    level: 'may',
    title: 'Input that is ignored is refused',
    why: 'A member that only the server sets, one that is fixed since its creation, or bytes that are no UTF-8 show a misunderstanding of the client.',
    consequence: 'The client believes a change made that was passed over.',
    fix: 'Answer 422 or 400, or document that it is ignored.',
    source: SOURCES.server,
    keeps: { request: request('CREATE', 'POST /books', BOOK), response: response(422, '{"status":422}') },
    breaks: { request: request('CREATE', 'POST /books', BOOK), response: response(201, null, NEW) },
  },
];
