/** Faults in what a page says of its neighbours, and of itself. */
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import { isPage, type Page, type Result } from './result.ts';

const LISTS = ['GET_ALL', 'FINDER', 'BATCH_FINDER'] as const;

export const LINK_FAULTS: readonly Fault[] = [
  {
    name: 'next-link-missing',
    title: 'Links no next page although there is one',
    kind: 'paging',
    breaks: LISTS,
    rules: ['laws/next-page-is-linked'],
    caughtBy: 'contract',
    apply: {
      result: (result) => mapLinks(result, (links) => links.filter((link) => memberOf(link, 'rel') !== 'next')),
    },
  },
  {
    name: 'previous-link-missing',
    title: 'Links no previous page although there is one',
    kind: 'paging',
    breaks: LISTS,
    rules: ['laws/previous-page-is-linked'],
    caughtBy: 'laws',
    apply: {
      result: (result) => mapLinks(result, (links) => links.filter((link) => memberOf(link, 'rel') !== 'prev')),
    },
  },
  {
    name: 'links-lose-the-query',
    title: 'Links other pages by `start` and `count` alone',
    kind: 'paging',
    breaks: LISTS,
    rules: ['laws/links-keep-the-query'],
    caughtBy: 'laws',
    apply: { result: (result) => mapHrefs(result, withBoundsOnly) },
  },
  {
    name: 'links-change-the-count',
    title: 'Links other pages that are twice as long',
    kind: 'paging',
    breaks: LISTS,
    rules: ['laws/links-keep-the-count'],
    caughtBy: 'laws',
    apply: {
      result: (result) =>
        mapHrefs(result, (href) =>
          href.replace(/([?&]count=)(\d+)/, (_, name: string, count: string) => `${name}${Number(count) * 2}`),
        ),
    },
  },
  {
    name: 'default-count-wrong',
    title: 'Answers a `paging.count` that is no default, where none was asked for',
    kind: 'paging',
    breaks: LISTS,
    rules: ['laws/default-page-is-as-declared'],
    caughtBy: 'laws',
    apply: { result: withOtherDefault },
  },
  {
    name: 'all-hides-an-entity',
    title: 'Leaves out of GET_ALL the first entity that finders show',
    kind: 'entities',
    breaks: ['GET_ALL'],
    rules: ['laws/found-is-listed'],
    caughtBy: 'contract',
    apply: {
      result: (result, { operation, state, place }) =>
        operation.method === 'GET_ALL'
          ? mapPages(result, (page) => without(page, state.list(place)[0]?.entity))
          : result,
    },
  },
];

function withBoundsOnly(href: string): string {
  const [path = '', query = ''] = href.split('?');
  return `${path}?${query
    .split('&')
    .filter((part) => /^(?:start|count)=/.test(part))
    .join('&')}`;
}

function without(page: Page, hidden: JsonObject | undefined): Page {
  return { ...page, elements: page.elements.filter((one) => one !== hidden) };
}

function withOtherDefault(result: Result, { asked }: Call): Result {
  if (asked.params.has('count')) return result;
  return mapPaging(result, (paging) => ({ ...paging, count: Number(paging['count'] ?? 0) + 1 }));
}

function mapPages(result: Result, change: (page: Page) => Page): Result {
  if (result.kind === 'collection') return { ...result, page: change(result.page) };
  if (result.kind !== 'collections') return result;
  return { ...result, pages: result.pages.map((page) => (isPage(page) ? change(page) : page)) };
}

function mapPaging(result: Result, change: (paging: JsonObject) => JsonObject): Result {
  return mapPages(result, (page) => (page.paging === null ? page : { ...page, paging: change(page.paging) }));
}

function mapLinks(result: Result, change: (links: readonly Json[]) => readonly Json[]): Result {
  return mapPaging(result, (paging) => {
    const links = memberOf(paging, 'links');
    return isJsonArray(links) ? { ...paging, links: change(links) } : paging;
  });
}

function mapHrefs(result: Result, change: (href: string) => string): Result {
  return mapLinks(result, (links) =>
    links.map((link) => {
      const href = memberOf(link, 'href');
      return isJsonObject(link) && typeof href === 'string' ? { ...link, href: change(href) } : link;
    }),
  );
}
