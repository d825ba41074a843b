/** Error answers, transport, the author's own expectations and waivers. */
import { request, response } from './http-text.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const BOOK = '{"id":1,"isbn":"978-1","title":"Tides","genre":"POETRY","addedAt":7}';
const SENT = '{"isbn":"978-1","title":"Tides","genre":"POETRY"}';
const GET = request('GET', 'GET /books/1');
const CREATE = request('CREATE', 'POST /books', SENT);
const BATCH_GET = request('BATCH_GET', 'GET /books?ids=List(1,2)');
const get = (answer: string): { readonly request: string; readonly response: string } => ({
  request: GET,
  response: answer,
});

export const errors: readonly Rule[] = [
  {
    id: 'errors/body',
    level: 'must',
    title: 'The body of an error is an error body',
    why: 'Clients read `message`, `code` and `serviceErrorCode` from it.',
    consequence: 'Clients cannot tell what went wrong.',
    fix: 'Answer an object whose members have their types; LinkedIn’s also holds `status`.',
    source: SOURCES.linkedinErrors,
    keeps: get(response(404, '{"status":404,"message":"gone"}')),
    breaks: get(response(404, '{"status":404,"message":["gone"]}')),
  },
  {
    id: 'errors/status-differs',
    level: 'must',
    title: 'The status in an error body is that of the answer',
    why: 'Clients look at either.',
    consequence: 'Two clients see two different errors.',
    fix: 'Write both from the same value; a gateway that rewrites the status is the usual cause.',
    source: SOURCES.linkedinErrors,
    keeps: get(response(404, '{"status":404}')),
    breaks: get(response(404, '{"status":400}')),
  },
  {
    id: 'errors/header-missing',
    level: 'must',
    levelIn: { linkedin: 'may' },
    title: 'An error of the framework says that it is one',
    why: '`X-RestLi-Error-Response` tells an error of the service from one of a gateway.',
    consequence: 'Clients cannot know whether the service saw the request.',
    fix: 'Answer `X-RestLi-Error-Response: true` with every error body.',
    source: SOURCES.headers,
    keeps: get(response(404, '{"status":404}')),
    breaks: get(response(404, '{"status":404}', { 'X-RestLi-Error-Response': null })),
  },
  {
    id: 'errors/undeclared-code',
    level: 'should',
    title: 'The code of an error is a declared one',
    why: 'Clients decide by the code what to do.',
    consequence: 'Clients meet a code that they do not know.',
    fix: 'Declare the code under `errors`, or correct it.',
    source: SOURCES.contract,
    keeps: { request: CREATE, response: response(409, '{"status":409,"code":"DUPLICATE_ISBN"}') },
    breaks: { request: CREATE, response: response(409, '{"status":409,"code":"TAKEN"}') },
  },
  {
    id: 'errors/details',
    level: 'must',
    title: 'The details of an error have their declared type',
    why: 'The contract says under `details` what they are.',
    consequence: 'Clients fail in reading them.',
    fix: 'Correct the server, or the type.',
    source: SOURCES.contract,
    keeps: {
      request: request('GET', 'GET /notes/a'),
      response: response(403, '{"status":403,"errorDetails":{"role":"reader"}}'),
      contract: 'notes',
    },
    breaks: {
      request: request('GET', 'GET /notes/a'),
      response: response(403, '{"status":403,"errorDetails":{"role":1}}'),
      contract: 'notes',
    },
  },
];

const transportRow = (
  id: string,
  title: string,
  why: string,
  consequence: string,
  fix: string,
  failure: RuleFailure,
): Rule => ({
  id: `transport/${id}`,
  level: 'must',
  title,
  why,
  consequence,
  fix,
  source: SOURCES.http,
  keeps: { request: GET, response: response(200, BOOK) },
  breaks: { request: GET, failure },
});
type RuleFailure = NonNullable<Rule['breaks']['failure']>;

// prettier-ignore
export const transport: readonly Rule[] = [
  transportRow('dns', 'The host can be found', 'Without an address there is nobody to ask.', 'Nothing was sent, nothing is judged.', 'Correct the host in the base URL.', 'dns'),
  transportRow('connect', 'The endpoint accepts connections', 'Nothing can be asked of a closed port.', 'Nothing was sent, nothing is judged.', 'Start the endpoint, or correct host and port.', 'connect'),
  transportRow('tls', 'The certificate of the endpoint is good', 'A client must know whom it speaks to.', 'Nothing was sent, nothing is judged.', 'Correct the certificate, or name its issuer.', 'tls'),
  transportRow('proxy', 'The proxy lets the request through', 'The request travels by the proxy of the environment.', 'The endpoint did not see the request.', 'Correct the proxy, or exempt the host from it.', 'proxy'),
  transportRow('send', 'The request can be sent', 'HTTP carries only what its grammar allows.', 'The endpoint did not get the whole request.', 'Correct the part of the request that is named.', 'send'),
  transportRow('headers', 'The endpoint answers with a head of HTTP', 'Status and headers come first.', 'There is no answer to judge.', 'Look into the log of the server or gateway.', 'headers'),
  transportRow('body', 'The body of the answer comes whole', 'A cut or damaged body is not the answer that was meant.', 'There is no complete answer to judge.', 'Look for a server or gateway that hangs up early, or encodes wrongly.', 'body'),
  transportRow('timeout', 'The answer comes in time', 'A client does not wait for ever.', 'There is no answer to judge.', 'Find out why the server is slow, or raise the limit.', 'total'),
  transportRow('aborted', 'The run is not stopped in mid-request', 'A stopped request has no answer.', 'There is no answer to judge.', 'Run again.', 'aborted'),
];

const EXPECTED = { request: GET, response: response(200, BOOK) };

export const expectation: readonly Rule[] = [
  {
    id: 'expectation/status',
    level: 'must',
    title: 'The answer has the expected status',
    why: 'The author of the case says so.',
    consequence: 'The endpoint does not do what the case describes.',
    fix: 'Correct the endpoint, or the expectation.',
    source: SOURCES.contract,
    keeps: { ...EXPECTED, expect: '{"status":200}' },
    breaks: { ...EXPECTED, expect: '{"status":404}' },
  },
  {
    id: 'expectation/header',
    level: 'must',
    title: 'The answer has the expected headers',
    why: 'The author of the case says so.',
    consequence: 'The endpoint does not do what the case describes.',
    fix: 'Correct the endpoint, or the expectation.',
    source: SOURCES.contract,
    keeps: { ...EXPECTED, expect: '{"headers":{"ETag":{"$present":false}}}' },
    breaks: { ...EXPECTED, expect: '{"headers":{"ETag":{"$present":true}}}' },
  },
  {
    id: 'expectation/body',
    level: 'must',
    title: 'The body is as expected',
    why: 'The author of the case says so.',
    consequence: 'The endpoint does not do what the case describes.',
    fix: 'Correct the endpoint, or the expectation.',
    source: SOURCES.contract,
    keeps: { ...EXPECTED, expect: '{"body":{"title":"Tides"}}' },
    breaks: { ...EXPECTED, expect: '{"body":{"title":"Sands"}}' },
  },
  {
    id: 'expectation/key',
    level: 'must',
    title: 'The created key is as expected',
    why: 'The author of the case says so.',
    consequence: 'The endpoint does not do what the case describes.',
    fix: 'Correct the endpoint, or the expectation.',
    source: SOURCES.contract,
    keeps: {
      request: CREATE,
      response: response(201, null, { 'X-RestLi-Id': '7', Location: '/books/7' }),
      expect: '{"key":7}',
    },
    breaks: {
      request: CREATE,
      response: response(201, null, { 'X-RestLi-Id': '7', Location: '/books/7' }),
      expect: '{"key":8}',
    },
  },
  {
    id: 'expectation/each',
    level: 'must',
    title: 'Every item of a batch has its expected outcome',
    why: 'The author of the case says so.',
    consequence: 'The endpoint does not do what the case describes.',
    fix: 'Correct the endpoint, or the expectation.',
    source: SOURCES.contract,
    keeps: {
      request: BATCH_GET,
      response: response(200, `{"results":{"1":${BOOK}},"errors":{"2":{"status":404}}}`),
      expect: '{"each":[{"status":[200]},{"status":[404]}]}',
    },
    breaks: {
      request: BATCH_GET,
      response: response(200, `{"results":{"1":${BOOK}},"errors":{"2":{"status":404}}}`),
      expect: '{"each":[{"status":[404]},{"status":[404]}]}',
    },
  },
  {
    id: 'expectation/capture',
    level: 'must',
    title: 'What a later step needs is in the answer',
    why: 'The flow goes on with the value that stands there.',
    consequence: 'The steps that follow cannot be sent.',
    fix: 'Correct the place in `capture`, or the endpoint that leaves the value out.',
    source: SOURCES.contract,
    keeps: { ...EXPECTED, capture: 'body/title' },
    breaks: { ...EXPECTED, capture: 'body/subtitle' },
  },
];

export const waiver: readonly Rule[] = [
  {
    id: 'waiver/stale',
    level: 'must',
    title: 'A waived defect is still there',
    why: 'A waiver covers a known defect; once it is gone the waiver hides the next one.',
    consequence: 'A new defect in the same place would go unnoticed.',
    fix: 'Take the waiver out of the config.',
    source: SOURCES.contract,
    keeps: { ...get(response(404, '{"status":404}')), waived: '2027-01-31' },
    breaks: { ...get(response(200, BOOK)), waived: '2027-01-31' },
  },
  {
    id: 'waiver/expired',
    level: 'must',
    title: 'A waiver is within its time',
    why: 'A waiver ends on the day that its author named.',
    consequence: 'A defect stays for ever.',
    fix: 'Mend the defect, or agree on another day.',
    source: SOURCES.contract,
    keeps: { ...get(response(404, '{"status":404}')), waived: '2027-01-31' },
    breaks: { ...get(response(404, '{"status":404}')), waived: '2020-01-31' },
  },
];
