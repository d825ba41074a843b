/** What an endpoint does with requests whose headers do not fit: judged on the requests of the header matrix. */
import { request, response } from './http-text.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const BOOK = '{"id":1,"isbn":"978-1","title":"Tides","genre":"POETRY","addedAt":1}';
const ERROR = '{"status":400}';

export const headerMatrix: readonly Rule[] = [
  {
    id: 'header-matrix/contradiction-refused',
    level: 'must',
    // A gateway in front of the router may have taken the header off: what reaches the router then is no contradiction.
    levelIn: { linkedin: 'should' },
    title: 'A request whose method header contradicts it is refused',
    why: 'The header is the guard against requests that lost a key, a parameter or their verb on the way.',
    consequence: 'A damaged request silently becomes another method: a change becomes a creation, one entity a list.',
    fix: 'Look verb, level, parameter and header up together, and answer 400 where they name no method.',
    source: SOURCES.routing,
    keeps: { request: request('DELETE', 'GET /books/1'), response: response(400, ERROR) },
    breaks: { request: request('DELETE', 'GET /books/1'), response: response(200, BOOK) },
  },
  {
    id: 'header-matrix/undeclared-refused',
    level: 'should',
    title: 'A method that the contract does not declare is refused',
    why: 'A batch of new entities without its header is a CREATE, and the contract promises none.',
    consequence: 'A client that loses the header stores an entity made of the envelope, and is told of success.',
    fix: 'Do not serve the method, or declare it in the contract.',
    source: SOURCES.routing,
    keeps: { request: request(null, 'POST /books', '{"elements":[]}'), response: response(400, ERROR) },
    breaks: {
      request: request(null, 'POST /books', '{"elements":[]}'),
      response: response(201, null, { 'X-RestLi-Id': '7', Location: '/books/7' }),
    },
  },
  {
    id: 'header-matrix/version-refused',
    level: 'must',
    levelIn: { linkedin: 'should' },
    title: 'A protocol version that is not spoken is refused',
    why: 'The version decides how keys, lists and records are written; read as another one they mean something else.',
    consequence: 'A client of a later version gets answers that it misreads, and no sign of it.',
    fix: 'Answer 400 to every version that you do not speak.',
    source: SOURCES.headers,
    keeps: {
      request: request('GET', 'GET /books/1', null, { 'X-RestLi-Protocol-Version': '9.0.0' }),
      response: response(400, ERROR),
    },
    breaks: {
      request: request('GET', 'GET /books/1', null, { 'X-RestLi-Protocol-Version': '9.0.0' }),
      response: response(200, BOOK),
    },
  },
];
