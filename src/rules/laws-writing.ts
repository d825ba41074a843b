/** Laws of writing. What each examines is in `laws/`. */
import { request, response } from './http-text.ts';
import {
  book,
  created,
  exchanges,
  found,
  notFound,
  read,
  sentBook,
  write,
  type ExampleExchange,
} from './law-examples.ts';
import type { Rule } from './rule.ts';
import { SOURCES } from './sources.ts';

const TIDES = book(1, 'Tides');
const SHELVED = book(1, 'Tides', ',"shelf":"A"');
const PATCH = '{"patch":{"$set":{"title":"Waves"}}}';
const replace = (body: string, status = 204): ExampleExchange => write('UPDATE', 'PUT /books/1', body, status);
const patch = (status = 204): ExampleExchange => write('PARTIAL_UPDATE', 'POST /books/1', PATCH, status);
const remove = (status = 204): ExampleExchange => write('DELETE', 'DELETE /books/1', null, status);
const BATCH: ExampleExchange = {
  request: request('BATCH_CREATE', 'POST /books', `{"elements":[${sentBook('Tides')},${sentBook('Doors')}]}`),
  response: response(200, '{"elements":[{"status":201,"id":"1"},{"status":201,"id":"2"}]}'),
};
const NOTE = '{"text":"x"}';
const AWKWARD = 'a%2Fb%20c';

export const writingLaws: readonly Rule[] = [
  {
    id: 'laws/created-is-readable',
    level: 'must',
    title: 'A created entity is found by its new key, as it was sent',
    why: 'The id of the answer is all that a client has of the new entity.',
    consequence: 'What a client created is lost to it, or is not what it sent.',
    fix: 'Store every member that the client may set, under the key that the answer names.',
    source: SOURCES.methods,
    keeps: exchanges(created(1, sentBook('Tides')), found(1, TIDES)),
    breaks: exchanges(created(1, sentBook('Tides')), notFound(1)),
  },
  {
    id: 'laws/create-is-new-each-time',
    level: 'must',
    title: 'Two creations make two entities',
    why: 'CREATE is not idempotent: sent twice it answers another id, or refuses the second.',
    consequence: 'The second creation overwrites the first, or one of both is lost without a sign.',
    fix: 'Give every new entity a key of its own; answer 409 where it exists already.',
    source: SOURCES.methods,
    keeps: exchanges(created(1, sentBook('Tides')), created(2, sentBook('Doors'))),
    breaks: exchanges(created(1, sentBook('Tides')), created(1, sentBook('Doors'))),
  },
  {
    id: 'laws/batch-create-keeps-order',
    level: 'must',
    title: 'Element i of the answer is element i of the request',
    why: 'The answer of a BATCH_CREATE does not repeat the entities: the position is all that ties an id to its entity.',
    consequence: 'Clients keep the id of one entity under the name of another.',
    fix: 'Answer the elements in the order in which they were sent.',
    source: SOURCES.methods,
    keeps: exchanges(BATCH, found(1, TIDES), found(2, book(2, 'Doors').replace('978-2', '978-1'))),
    breaks: exchanges(BATCH, found(1, book(1, 'Doors')), found(2, book(2, 'Tides').replace('978-2', '978-1'))),
  },
  {
    id: 'laws/update-overwrites-all',
    level: 'must',
    title: 'UPDATE replaces the whole entity',
    why: 'UPDATE sends the entity as it shall be; what it leaves out shall not be there.',
    consequence: 'A member that a client removed stays, and comes back with the next read.',
    fix: 'Store what was sent in place of what was there; keep only what the server itself sets.',
    source: SOURCES.methods,
    keeps: exchanges(
      replace(sentBook('Tides', ',"shelf":"A"')),
      found(1, SHELVED),
      replace(sentBook('Tides')),
      found(1, TIDES),
    ),
    breaks: exchanges(
      replace(sentBook('Tides', ',"shelf":"A"')),
      found(1, SHELVED),
      replace(sentBook('Tides')),
      found(1, SHELVED),
    ),
  },
  {
    id: 'laws/update-is-idempotent',
    level: 'must',
    title: 'The same UPDATE twice is the same UPDATE',
    why: 'PUT may be retried by anything between client and server.',
    consequence: 'A retry fails, or changes what the first request did.',
    fix: 'Answer the second as the first, but never with 201: the entity was there already.',
    source: SOURCES.http,
    keeps: exchanges(replace(sentBook('Tides')), found(1, TIDES), replace(sentBook('Tides')), found(1, TIDES)),
    breaks: exchanges(replace(sentBook('Tides')), found(1, TIDES), replace(sentBook('Tides'), 409), found(1, TIDES)),
  },
  {
    id: 'laws/partial-update-leaves-the-rest',
    level: 'must',
    title: 'PARTIAL_UPDATE changes what its patch names, and nothing else',
    why: 'A patch is a list of changes: `$set` puts a member, `$delete` takes one away, the others stay.',
    consequence: 'Members that a client never touched are lost, or those that it changed are not.',
    fix: 'Apply the patch to the stored entity.',
    source: SOURCES.partial,
    keeps: exchanges(found(1, TIDES), patch(), found(1, book(1, 'Waves'))),
    breaks: exchanges(found(1, SHELVED), patch(), found(1, book(1, 'Waves'))),
  },
  {
    id: 'laws/partial-update-is-idempotent',
    level: 'must',
    title: 'The same patch twice is the same patch',
    why: 'Setting a member to what it is, and deleting what is gone, change nothing.',
    consequence: 'A client that repeats a change after a lost answer fails, or does harm.',
    fix: 'Take a patch without effect for a success.',
    source: SOURCES.partial,
    keeps: exchanges(patch(), found(1, book(1, 'Waves')), patch(), found(1, book(1, 'Waves'))),
    breaks: exchanges(patch(), found(1, book(1, 'Waves')), patch(400), found(1, book(1, 'Waves'))),
  },
  {
    id: 'laws/returned-entity-is-stored',
    level: 'must',
    title: 'The entity that a write answers is the one that is stored',
    why: 'Clients ask for it to save the read that would follow.',
    consequence: 'Clients show a state that does not exist.',
    fix: 'Answer what was stored, after it was stored.',
    source: SOURCES.methods,
    keeps: exchanges({ ...patch(), response: response(200, book(1, 'Waves')) }, found(1, book(1, 'Waves'))),
    breaks: exchanges({ ...patch(), response: response(200, book(1, 'Waves')) }, found(1, TIDES)),
  },
  {
    id: 'laws/return-entity-false',
    level: 'must',
    title: '`$returnEntity=false` is answered without an entity',
    why: 'The client says that it does not want it.',
    consequence: 'Clients that save the bytes get them all the same.',
    fix: 'Leave the body out where the parameter is false.',
    source: SOURCES.methods,
    keeps: exchanges(write('PARTIAL_UPDATE', 'POST /books/1?$returnEntity=false', PATCH)),
    breaks: exchanges({
      request: request('PARTIAL_UPDATE', 'POST /books/1?$returnEntity=false', PATCH),
      response: response(200, book(1, 'Waves')),
    }),
  },
  {
    id: 'laws/write-to-missing-is-told',
    level: 'must',
    title: 'A write to a missing entity creates it or is refused',
    why: 'A success means that what was asked is done.',
    consequence: 'A client believes its change stored, and nothing is.',
    fix: 'Answer 404, or 201 where a PUT creates.',
    source: SOURCES.methods,
    keeps: exchanges(replace(sentBook('Tides'), 404), notFound(1)),
    breaks: exchanges(replace(sentBook('Tides')), notFound(1)),
  },
  {
    id: 'laws/deleted-is-gone',
    level: 'must',
    title: 'What was deleted is not found',
    why: 'A DELETE that succeeded has removed the entity.',
    consequence: 'Data that a client removed is still shown to others.',
    fix: 'Remove the entity before the answer is sent.',
    source: SOURCES.methods,
    keeps: exchanges(remove(), notFound(1)),
    breaks: exchanges(remove(), found(1, TIDES)),
  },
  {
    id: 'laws/delete-is-idempotent',
    level: 'must',
    title: 'Deleting what is gone is no fault of the server',
    why: 'DELETE may be retried after a lost answer.',
    consequence: 'Retries of a good client raise alarms at the server.',
    fix: 'Answer 404, or success.',
    source: SOURCES.http,
    keeps: exchanges(remove(), remove(404)),
    breaks: exchanges(remove(), remove(500)),
  },
  {
    id: 'laws/batch-status-equals-single',
    level: 'must',
    title: 'A key of a batch write has the outcome of the single write',
    why: 'A batch is many single writes in one; each key tells its own outcome.',
    consequence: 'A failure of one entity goes unnoticed among the successes of others.',
    fix: 'Answer each key with the status that the single method would have.',
    source: SOURCES.methods,
    keeps: exchanges(write('DELETE', 'DELETE /books/9', null, 404), {
      request: request('BATCH_DELETE', 'DELETE /books?ids=List(9)'),
      response: response(200, '{"results":{},"errors":{"9":{"status":404}}}'),
    }),
    breaks: exchanges(write('DELETE', 'DELETE /books/9', null, 404), {
      request: request('BATCH_DELETE', 'DELETE /books?ids=List(9)'),
      response: response(200, '{"results":{"9":{"status":204}},"errors":{}}'),
    }),
  },
  {
    id: 'laws/keys-keep-every-character',
    level: 'must',
    title: 'A key is found as it was written, whatever characters it holds',
    why: 'Keys are data: every character of them can be escaped, and means itself.',
    consequence: 'Entities whose keys hold a reserved character cannot be reached, or one answers for another.',
    fix: 'Split the raw path, then decode each segment once.',
    source: SOURCES.encoding,
    keeps: {
      ...exchanges(
        {
          request: request('BATCH_UPDATE', `PUT /notes?ids=List(${AWKWARD})`, `{"entities":{"a/b c":${NOTE}}}`),
          response: response(200, '{"results":{"a/b c":{"status":201}},"errors":{}}'),
        },
        read('GET', `/notes/${AWKWARD}`, NOTE),
      ),
      contract: 'notes',
    },
    breaks: {
      ...exchanges(
        {
          request: request('BATCH_UPDATE', `PUT /notes?ids=List(${AWKWARD})`, `{"entities":{"a/b c":${NOTE}}}`),
          response: response(200, '{"results":{"a/b c":{"status":201}},"errors":{}}'),
        },
        { request: request('GET', `GET /notes/${AWKWARD}`), response: response(404, '{"status":404}') },
      ),
      contract: 'notes',
    },
  },
];
