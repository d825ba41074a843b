import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/protocol/json.ts';
import { headerOf } from '../../src/transport/exchange.ts';
import { createMock } from '../../src/mock/mock.ts';
import { contractOf } from '../support/contract.ts';
import { bodyOf, request } from './library.ts';

function idsOf(
  rest: string,
  entities: readonly Record<string, string | number>[],
): readonly (string | number | null)[] {
  const mock = createMock(
    [contractOf(`contract: 1\nresource: things\nmethods: { CREATE: , GET: , DELETE: }\n${rest}`)],
    { now: () => 1_700_000_000_000 },
  );
  return entities.map((body) => {
    const response = mock.answer(request({ verb: 'POST', target: '/things', body }));
    return response.status === 201 ? headerOf(response.headers, 'X-RestLi-Id') : response.status;
  });
}

const NAMED = 'entity: { type: object, properties: { name: { type: string } } }';

describe('the key of a created entity', () => {
  it('of a number is the next after the greatest', () => {
    expect(idsOf(`key: { id: long }\n${NAMED}\nexamples: [{ $key: 41 }]`, [{}, {}])).toEqual(['42', '43']);
    expect(idsOf(`key: { id: int }\n${NAMED}`, [{}, {}])).toEqual(['1', '2']);
  });

  it('is the smallest free one past the end of the type', () => {
    expect(idsOf(`key: { id: long }\n${NAMED}\nexamples: [{ $key: 9223372036854775807 }, { $key: 1 }]`, [{}])).toEqual([
      '2',
    ]);
    expect(idsOf(`key: { id: int }\n${NAMED}\nexamples: [{ $key: 2147483647 }]`, [{}])).toEqual(['1']);
  });

  it('of a text and of a URN counts, passing over what exists', () => {
    expect(idsOf(`key: { id: string }\n${NAMED}\nexamples: [{ $key: "1" }]`, [{}, {}])).toEqual(['2', '3']);
    expect(idsOf(`key: { id: urn:li:person }\n${NAMED}`, [{}])).toEqual(['urn:li:person:1']);
    expect(idsOf(`key: { id: urn }\n${NAMED}`, [{}])).toEqual(['urn:li:entity:1']);
  });

  it('is taken from the client where the client may set it, and refused when it exists', () => {
    const members = 'entity: { type: object, properties: { id: { type: string }, name: { type: string } } }';
    expect(idsOf(`key: { id: string }\n${members}`, [{ id: 'mine' }, { id: 'mine' }, {}])).toEqual(['mine', 409, '1']);
    expect(idsOf(`key: { id: string }\nreadOnly: [id]\n${members}`, [{ id: 'mine' }])).toEqual(['1']);
  });

  it('follows the template of the contract', () => {
    expect(
      idsOf(`key: { id: string }\n${NAMED}\nmock: { key: "t-\${count}-\${entity.name}" }`, [
        { name: 'a' },
        { name: 'b' },
      ]),
    ).toEqual(['t-1-a', 't-2-b']);
    expect(idsOf(`key: { id: string }\n${NAMED}\nmock: { key: "\${now.iso}" }`, [{}])).toEqual([
      '2023-11-14T22:13:20.000Z',
    ]);
    expect(idsOf(`key: { id: string }\n${NAMED}\nmock: { key: "\${entity.name}" }`, [{}])).toEqual([400]);
  });
});

describe('what the server sets', () => {
  const contract = contractOf(`
contract: 1
resource: notes
key: { id: long }
readOnly: [id, created, changed, owner]
createOnly: [kind]
entity:
  type: object
  required: [id, text, owner]
  properties:
    id: { $ref: "#/types/long" }
    text: { type: string }
    kind: { type: string }
    owner: { $ref: "#/types/urn" }
    created: { type: object }
    changed: { type: object }
mock:
  onCreate: { created: { time: "\${now}", by: "note \${key} no. \${count}" } }
  onWrite: { changed: { time: "\${now}" }, created: { last: "\${now}" } }
methods: { GET: , CREATE: , UPDATE: , PARTIAL_UPDATE: }
`);

  it('is filled in at creation, and at every write what belongs to writes', () => {
    let now = 100;
    const mock = createMock([contract], { now: () => now });
    const send = (verb: string, target: string, body?: JsonObject) =>
      mock.answer(request({ verb, target, ...(body && { body }) }));

    send('POST', '/notes', { text: 'a', kind: 'k' });
    const created = bodyOf(send('GET', '/notes/1'));
    expect(created).toMatchObject({
      id: 1,
      created: { time: 100, by: 'note 1 no. 1', last: 100 },
      changed: { time: 100 },
    });
    // The schema demands an owner, and only the server can set one.
    expect(created).toHaveProperty('owner', expect.stringMatching(/^urn:/));

    now = 200;
    send('PUT', '/notes/1', { text: 'b', kind: 'other' });
    expect(bodyOf(send('GET', '/notes/1'))).toMatchObject({
      text: 'b',
      kind: 'k',
      created: { time: 100, last: 200 },
      changed: { time: 200 },
    });
    now = 300;
    send('POST', '/notes/1', { patch: { $set: { text: 'c' } } });
    expect(bodyOf(send('GET', '/notes/1'))).toMatchObject({
      text: 'c',
      created: { last: 300 },
      changed: { time: 300 },
    });
  });
});
