/**
 * What must stay when one endpoint takes the place of another: judged on the answers of both to the same request. The
 * exchange before is the baseline's.
 */
import { request, response } from './http-text.ts';
import type { Rule, RuleExample } from './rule.ts';
import { SOURCES } from './sources.ts';

const READ = request('GET', 'GET /books/1');
const LIST = request('GET_ALL', 'GET /books');
const MISSED = request('GET', 'GET /books/404');
const TIDES = '{"id":1,"title":"Tides","genre":"POETRY","addedAt":1}';
const TWO = '{"elements":[{"id":1},{"id":2}],"paging":{"start":0,"count":10,"links":[]}}';

function pair(sent: string, baseline: string, answer: string): RuleExample {
  return { before: [{ request: sent, response: baseline }], request: sent, response: answer };
}

const SAME = pair(READ, response(200, TIDES), response(200, TIDES));

export const compare: readonly Rule[] = [
  {
    id: 'compare/status',
    level: 'must',
    title: 'The status is that of the baseline',
    why: 'Clients branch on the status before they read anything else.',
    consequence: 'What was a success becomes a failure for clients that did nothing wrong, or the other way round.',
    fix: 'Answer the status of the old endpoint, or say in the contract what it is from now on and tell its clients.',
    source: SOURCES.contract,
    keeps: pair(MISSED, response(404, '{"status":404}'), response(404, '{"status":404}')),
    breaks: pair(MISSED, response(404, '{"status":404}'), response(200, TIDES)),
  },
  {
    id: 'compare/value',
    level: 'must',
    title: 'Values are those of the baseline',
    why: 'The same request on the same entities has the same answer, whoever gives it.',
    consequence: 'Clients show, store or compute something else from one day to the next.',
    fix: 'Answer what the old endpoint does. A value that may differ by nature is declared by a matcher in `expect`.',
    source: SOURCES.contract,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES), response(200, TIDES.replace('Tides', 'Ebbs'))),
  },
  {
    id: 'compare/type',
    level: 'must',
    title: 'Values have the type that they have in the baseline',
    why: 'Readers that are made from a schema refuse a number that comes as text.',
    consequence: 'Clients in typed languages fail on every answer.',
    fix: 'Write the member as the old endpoint does: numbers without quotes, lists as lists.',
    source: SOURCES.contract,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES), response(200, TIDES.replace('"id":1', '"id":"1"'))),
  },
  {
    id: 'compare/member-missing',
    level: 'must',
    title: 'No member of the baseline is missing',
    why: 'Whatever an endpoint answered, some client reads.',
    consequence: 'Clients read nothing where there was a value.',
    fix: 'Answer the member, or find out that no client reads it and leave it out on purpose.',
    source: SOURCES.contract,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES), response(200, TIDES.replace(',"genre":"POETRY"', ''))),
  },
  {
    id: 'compare/member-added',
    level: 'should',
    title: 'No member comes that the baseline does not have',
    why: 'Readers of Rest.li skip what they do not know, but not every client is one.',
    consequence: 'Strict clients refuse the answer; what was added by mistake can never be taken back.',
    fix: 'Leave it out, or declare it in the contract.',
    source: SOURCES.contract,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES), response(200, TIDES.replace('}', ',"stock":3}'))),
  },
  {
    id: 'compare/elements',
    level: 'must',
    title: 'Lists have as many elements as in the baseline',
    why: 'A filter or a page that is read otherwise shows in how much comes back.',
    consequence: 'Clients lose entities, or meet some that were kept from them.',
    fix: 'Compare filters, defaults of paging and permissions of both endpoints.',
    source: SOURCES.paging,
    keeps: pair(LIST, response(200, TWO), response(200, TWO)),
    breaks: pair(LIST, response(200, TWO), response(200, TWO.replace(',{"id":2}', ''))),
  },
  {
    id: 'compare/order',
    level: 'should',
    title: 'Lists come in the order of the baseline',
    why: 'Pages are cut out of an order, and clients show what comes first.',
    consequence: 'Clients that page across the change see some entities twice and others never.',
    fix: 'Sort as the old endpoint does, or declare that order does not matter with `$unordered`.',
    source: SOURCES.paging,
    keeps: pair(LIST, response(200, TWO), response(200, TWO)),
    breaks: pair(LIST, response(200, TWO), response(200, TWO.replace('{"id":1},{"id":2}', '{"id":2},{"id":1}'))),
  },
  {
    id: 'compare/body',
    level: 'must',
    title: 'There is a JSON body where the baseline has one, and none where it has none',
    why: 'A client reads the body by what it is told to expect of the method.',
    consequence: 'Clients fail to parse, or wait for a body that does not come.',
    fix: 'Answer a body of the same kind.',
    source: SOURCES.contract,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES), response(200, null)),
  },
  {
    id: 'compare/protocol-header',
    level: 'must',
    title: 'Headers that clients of Rest.li read are those of the baseline',
    why: 'Ids, protocol version and error marks stand in headers, and nowhere else.',
    consequence: 'Clients do not learn the id of what they created, or misread the body.',
    fix: 'Send the header with the value of the old endpoint; look at what a gateway takes off.',
    source: SOURCES.headers,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES), response(200, TIDES, { 'X-RestLi-Protocol-Version': null })),
  },
  {
    id: 'compare/header',
    level: 'should',
    title: 'Other headers of the baseline are there',
    why: 'Caching, rate limits and tracing are told in headers that no contract declares.',
    consequence: 'Clients that read them lose what they steer by.',
    fix: 'Send the header, or find out that no client reads it.',
    source: SOURCES.http,
    keeps: SAME,
    breaks: pair(READ, response(200, TIDES, { ETag: '"a1"' }), response(200, TIDES)),
  },
  {
    id: 'compare/error-text',
    level: 'may',
    title: 'Texts of errors are those of the baseline',
    why: 'Messages are for people; codes and statuses, which programs read, are compared as values.',
    consequence: 'A client that matches on a message no longer recognises it.',
    fix: 'Keep the text where clients are known to match on it.',
    source: SOURCES.contract,
    keeps: pair(
      MISSED,
      response(404, '{"status":404,"message":"No book."}'),
      response(404, '{"status":404,"message":"No book."}'),
    ),
    breaks: pair(
      MISSED,
      response(404, '{"status":404,"message":"No book."}'),
      response(404, '{"status":404,"message":"Not found"}'),
    ),
  },
  {
    id: 'compare/baseline-unanswered',
    level: 'must',
    title: 'The baseline answers',
    why: 'Without its answer there is nothing to compare with.',
    consequence: 'Nothing is known of the request, and a silent pass would hide that.',
    fix: 'See that the address, the credentials and the network of the baseline are right.',
    source: SOURCES.http,
    keeps: SAME,
    breaks: { request: READ, response: response(200, TIDES), failure: 'connect' },
  },
  {
    id: 'compare/unsteady',
    level: 'may',
    title: 'The baseline answers the same request with the same status twice',
    why: 'What the old endpoint itself cannot repeat is not asked of the new one.',
    consequence: 'The exchange was not compared.',
    fix: 'Ask for something that does not change meanwhile, or give the case a `retry`.',
    source: SOURCES.contract,
    keeps: SAME,
    breaks: {
      ...pair(MISSED, response(404, '{"status":404}'), response(404, '{"status":404}')),
      before: [
        { request: MISSED, response: response(404, '{"status":404}') },
        { request: MISSED, response: response(200, TIDES) },
      ],
    },
  },
];
