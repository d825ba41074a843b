import { describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../../src/protocol/json.ts';
import { hasNext, pageLinks, pagingMember, parsePaging } from '../../src/protocol/paging.ts';
import { valueAt } from '../../src/protocol/pointer.ts';
import { parseQuery } from '../../src/protocol/query.ts';
import { plainVectors } from './vectors.ts';

function pagingOf(query: string): unknown {
  const read = parseQuery(query);
  if ('problem' in read) throw new Error(read.problem.message);
  return parsePaging(read.parameters);
}

/** The order of parameters in a link is that of the server's hash map; no client may rely on it. */
function withSortedLinks(paging: Json | undefined): Json {
  const links = memberOf(paging, 'links');
  if (!isJsonObject(paging) || !isJsonArray(links)) throw new Error('no links');
  const sorted = links.map((link) => {
    const href = memberOf(link, 'href');
    if (typeof href !== 'string') throw new Error('a link without href');
    const [path, query = ''] = href.split('?');
    return isJsonObject(link) ? { ...link, href: `${path}?${query.split('&').toSorted().join('&')}` } : link;
  });
  return { ...paging, links: sorted };
}

describe('the page asked for', () => {
  it('starts at 0 and holds 10 unless the request says otherwise', () => {
    expect(pagingOf('')).toEqual({ start: 0, count: 10 });
    expect(pagingOf('start=+5&count=0')).toEqual({ start: 5, count: 0 });
    expect(pagingOf('start=List(3)&count=List()')).toEqual({ start: 3, count: 10 });
  });

  it('is refused when it is no number from 0', () => {
    for (const query of ['start=1.0', 'start=abc', 'start=99999999999', 'start=(a:1)', "start=''"]) {
      expect(pagingOf(query)).toMatchObject({ problem: { parameter: 'start' } });
    }
    expect(pagingOf('count=-1')).toMatchObject({
      problem: { parameter: 'count', message: expect.stringContaining('negative') },
    });
  });
});

describe('the links of a page', () => {
  const pages = plainVectors.exchanges.filter(({ response }) =>
    isJsonArray(valueAt(response.body, ['paging', 'links'])),
  );

  it(`are those of the server in ${pages.length} recorded answers`, () => {
    expect(pages.length).toBe(15);
    for (const { request, response } of pages) {
      const [path = '', query = null] = request.url.split('?', 2);
      const paging = memberOf(response.body, 'paging');
      const elements = memberOf(response.body, 'elements');
      const total = memberOf(paging, 'total');
      const page = {
        start: Number(memberOf(paging, 'start')),
        count: Number(memberOf(paging, 'count')),
        size: isJsonArray(elements) ? elements.length : 0,
        total: typeof total === 'number' ? total : null,
      };
      expect([request.url, withSortedLinks(pagingMember(path, query, page))]).toEqual([
        request.url,
        withSortedLinks(paging),
      ]);
    }
  });

  it('follow the total in fixed mode', () => {
    const page = { start: 10, count: 10, size: 3, total: 25 };
    expect(pageLinks('/a', 'x=1&start=10', page, 'fixed').map(({ href }) => href)).toEqual([
      '/a?x=1&start=0&count=10',
      '/a?x=1&start=20&count=10',
    ]);
    expect(pageLinks('/a', 'x=1', page)[1]?.href).toBe('/a?x=1&start=13&count=10');
    expect(hasNext({ start: 10, count: 10, size: 10, total: null })).toBe(true);
    expect(hasNext({ start: 10, count: 10, size: 10, total: null }, 'fixed')).toBe(false);
    expect(hasNext({ start: 0, count: 0, size: 0, total: 5 })).toBe(false);
  });
});
