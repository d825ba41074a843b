import { describe, expect, it } from 'vitest';
// oxlint-disable-next-line no-unassigned-import -- as its users do: importing makes the matchers known
import '../../src/vitest/index.ts';
import { books } from '../mock/library.ts';

const V2 = { 'X-RestLi-Protocol-Version': '2.0.0' };
const patch = { patch: { $set: { title: 'Ebb' } } };
const post = {
  method: 'POST',
  url: 'http://h/books/1',
  headers: { ...V2, 'Content-Type': 'application/json' },
  body: patch,
};

/** The message of an assertion that fails; undefined if it holds. */
function messageOf(assertion: () => void): string | undefined {
  try {
    assertion();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('expect(request).toKeepContract', () => {
  it('accepts requests in every form', async () => {
    expect({ method: 'GET', url: '/books/1', headers: V2 }).toKeepContract(books);
    expect({ verb: 'GET', target: '/books/1', headers: Object.entries(V2) }).toKeepContract([books]);
    expect({ method: 'get', url: new URL('http://h/books/1'), headers: new Headers(V2) }).toKeepContract(books);
    expect(post).toKeepContract(books);
    expect({ ...post, body: JSON.stringify(patch) }).toKeepContract(books);
    // oxlint-disable-next-line await-thenable -- a promise where a body of fetch is read first; vitest has no type for that
    await expect(
      new Request('http://h/books/1', { method: 'POST', headers: post.headers, body: JSON.stringify(patch) }),
    ).toKeepContract(books);
  });

  it('fails with rule, expected, actual and fix', () => {
    const text = messageOf(() => expect({ ...post, method: 'PUT' }).toKeepContract(books));
    expect(text).toContain('PUT http://h/books/1\n  [routing/patch-becomes-update]');
    for (const word of ['expected', 'actual', 'fix']) expect(text).toContain(word);
  });

  it('says which contract is kept where it should be broken', () => {
    expect({ ...post, method: 'PUT' }).not.toKeepContract(books);
    expect(messageOf(() => expect(post).not.toKeepContract(books))).toBe('POST /books/1 keeps the contract of books');
  });

  it('judges by what was meant', () => {
    const all = { method: 'GET', url: '/books', headers: V2 };
    expect(all).toKeepContract(books);
    expect(all).toKeepContract(books, { as: 'GET_ALL' });
    expect(messageOf(() => expect(all).toKeepContract(books, { as: 'BATCH_GET' }))).toContain(
      'routing/not-the-method-meant',
    );
  });

  it('refuses what is no request', () => {
    for (const wrong of [null, undefined, 'GET /books', {}, { method: 'GET' }])
      expect(() => expect(wrong).toKeepContract(books)).toThrow(/takes a request/);
  });
});

describe('expect(exchange).toKeepContract', () => {
  const request = { method: 'GET', url: 'http://h/books/1', headers: V2 };
  const headers = { ...V2, 'Content-Type': 'application/json' };
  const book = { id: 1, isbn: 'a1', title: 'Tides', genre: 'FANTASY', addedAt: 1 };

  it('judges the answer, too', async () => {
    expect({ request, response: { status: 200, headers, body: book } }).toKeepContract(books);
    // oxlint-disable-next-line await-thenable -- a promise where a body of fetch is read first; vitest has no type for that
    await expect({ request, response: new Response(JSON.stringify(book), { headers }) }).toKeepContract(books);
    const text = messageOf(() =>
      expect({ request, response: { status: 200, headers, body: { ...book, title: 1 } } }).toKeepContract(books),
    );
    expect(text).toContain('[entity/schema]');
  });
});
