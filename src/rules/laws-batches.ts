/** Laws of batches beyond their first key, and of writes that reach deep or travel far. */
import { request, response } from './http-text.ts';
import { book, exchanges, found, read, results, sentBook, write, type ExampleExchange } from './law-examples.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const TIDES = book(1, 'Tides');
const DOORS = book(2, 'Doors');
const loaned = (days: number, reader = ',"reader":"urn:li:person:ann"'): string =>
  book(1, 'Tides', `,"loan":{"days":${days}${reader}}`);
const OK = '{"status":204}';
const BOTH: ExampleExchange = {
  request: request(
    'BATCH_UPDATE',
    'PUT /books?ids=List(1,2)',
    `{"entities":{"1":${sentBook('Sea')},"2":${sentBook('Sky')}}}`,
  ),
  response: response(200, results({ 1: OK, 2: OK })),
};
const PATCH = '{"patch":{"$set":{"title":"Waves"}}}';
const BOUNDARY = 'b';
const TUNNELLED: ExampleExchange = {
  request: request(
    'PARTIAL_UPDATE',
    'POST /books/1',
    [
      `--${BOUNDARY}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n`,
      `\r\n--${BOUNDARY}\r\nContent-Type: application/json\r\n\r\n${PATCH}\r\n--${BOUNDARY}--\r\n`,
    ].join(''),
    { 'Content-Type': `multipart/mixed; boundary=${BOUNDARY}`, 'X-HTTP-Method-Override': 'POST' },
  ),
  response: response(204),
};
const plain = write('PARTIAL_UPDATE', 'POST /books/1', PATCH);

export const batchLaws: readonly Rule[] = [
  {
    id: 'laws/batch-writes-each',
    level: 'must',
    title: 'A batch writes each of its entities, as the single method would',
    why: 'A batch is many single writes in one: success under a key means that its own entity is written.',
    consequence: 'All entities but one keep their old state, or get the state of another, and the answer says success.',
    fix: 'Do for each key what was sent for it; answer an error under the keys that were not written.',
    source: SOURCES.methods,
    keeps: exchanges(
      found(1, TIDES),
      found(2, DOORS),
      BOTH,
      found(1, book(1, 'Sea')),
      found(2, book(2, 'Sky').replace('978-2', '978-1')),
    ),
    breaks: exchanges(found(1, TIDES), found(2, DOORS), BOTH, found(1, book(1, 'Sea')), found(2, DOORS)),
  },
  {
    id: 'laws/empty-batch-is-empty',
    level: 'must',
    levelIn: { linkedin: 'should' },
    title: 'A BATCH_GET of no keys answers no entities',
    why: '`List()` is a list like any other, of no keys; only without `ids` is the request another method.',
    consequence: 'A client whose list of keys happens to be empty meets an error, or every entity there is.',
    fix: 'Answer 200 with empty maps.',
    source: SOURCES.encoding,
    keeps: exchanges(
      read('BATCH_GET', '/books?ids=List(1)', results({ 1: TIDES })),
      read('BATCH_GET', '/books?ids=List()', results({})),
    ),
    breaks: exchanges(read('BATCH_GET', '/books?ids=List(1)', results({ 1: TIDES })), {
      request: request('BATCH_GET', 'GET /books?ids=List()'),
      response: response(500, '{"status":500}'),
    }),
  },
  {
    id: 'laws/repeated-ids-are-one',
    level: 'must',
    levelIn: { linkedin: 'should' },
    title: 'A key named twice in a BATCH_GET is one key',
    why: '`ids` is a set, and the answer has one place for each key.',
    consequence: 'A client that collects keys from several places fails where two of them agree.',
    fix: 'Let repeated keys collapse.',
    source: SOURCES.encoding,
    keeps: exchanges(
      read('BATCH_GET', '/books?ids=List(1)', results({ 1: TIDES })),
      read('BATCH_GET', '/books?ids=List(1,1)', results({ 1: TIDES })),
    ),
    breaks: exchanges(read('BATCH_GET', '/books?ids=List(1)', results({ 1: TIDES })), {
      request: request('BATCH_GET', 'GET /books?ids=List(1,1)'),
      response: response(400, '{"status":400}'),
    }),
  },
  {
    id: 'laws/nested-projection-commutes',
    level: 'must',
    title: 'A projection into a record is a part of that record',
    why: '`record:(member)` chooses inside the record as `member` does at the top.',
    consequence: 'A client that asks for one member of a large record gets all of it, or none.',
    fix: 'Apply the mask at every depth, to the same entities that are answered without `fields`.',
    source: SOURCES.projections,
    keeps: exchanges(found(1, loaned(3)), read('GET', '/books/1?fields=loan:(days)', '{"loan":{"days":3}}')),
    breaks: exchanges(
      found(1, loaned(3)),
      read('GET', '/books/1?fields=loan:(days)', '{"loan":{"days":3,"reader":"urn:li:person:ann"}}'),
    ),
  },
  {
    id: 'laws/empty-patch-changes-nothing',
    level: 'must',
    title: 'A patch without a change changes nothing',
    why: 'A patch is a list of changes, and this one is empty.',
    consequence: 'A client that sends what it changed clears an entity by having changed nothing.',
    fix: 'Apply what the patch names; answer success where it names nothing.',
    source: SOURCES.partial,
    keeps: exchanges(found(1, TIDES), write('PARTIAL_UPDATE', 'POST /books/1', '{"patch":{}}'), found(1, TIDES)),
    breaks: exchanges(
      found(1, book(1, 'Tides', ',"shelf":"A"')),
      write('PARTIAL_UPDATE', 'POST /books/1', '{"patch":{}}'),
      found(1, TIDES),
    ),
  },
  {
    id: 'laws/nested-patch-leaves-the-rest',
    level: 'must',
    title: 'A patch inside a record leaves the rest of the record',
    why: 'A branch of a patch names a member and changes inside it; only `$set` of the member itself replaces it.',
    consequence: 'A client that changes one member of a record loses the others, or changes nothing.',
    fix: 'Follow the branches of the patch down to their commands.',
    source: SOURCES.partial,
    keeps: exchanges(
      found(1, loaned(3)),
      write('PARTIAL_UPDATE', 'POST /books/1', '{"patch":{"loan":{"$set":{"days":4}}}}'),
      found(1, loaned(4)),
    ),
    breaks: exchanges(
      found(1, loaned(3)),
      write('PARTIAL_UPDATE', 'POST /books/1', '{"patch":{"loan":{"$set":{"days":4}}}}'),
      found(1, loaned(4, '')),
    ),
  },
  {
    id: 'laws/key-stays',
    level: 'must',
    title: 'A write does not change the key of its entity',
    why: 'The key in the path says which entity is meant; what is written is what it holds.',
    consequence: 'A client that goes on with the key it reads reaches another entity, or none.',
    fix: 'Keep the members that are parts of the key as the path names them.',
    source: SOURCES.methods,
    keeps: exchanges(found(1, TIDES), plain, found(1, book(1, 'Waves'))),
    breaks: exchanges(found(1, TIDES), plain, found(1, book(7, 'Waves'))),
  },
  {
    id: 'laws/tunnelled-write-is-done',
    level: 'must',
    title: 'A write in a tunnel is done as one without',
    why: 'A tunnel carries the verb, the query and the body of a request; what is asked stays the same.',
    consequence: 'A write is lost once its query is long, and the answer says success.',
    fix: 'Restore verb, query and body from the tunnel before anything else is looked at.',
    source: SOURCES.tunnelling,
    keeps: exchanges(found(1, TIDES), TUNNELLED, found(1, book(1, 'Waves')), plain),
    breaks: exchanges(found(1, TIDES), TUNNELLED, found(1, TIDES), plain),
  },
];
