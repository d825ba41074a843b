/**
 * Paging by offset: `start` and `count`, and the links to the pages before and after.
 *
 * Source: the framework's defaults and link rules, executed on the open-source server.
 */
import { formDecode, isElementList, type Element } from './encoding.ts';
import type { Json } from './json.ts';
import { partsOf } from './query.ts';

export const DEFAULT_START = 0;
/** Page size when `count` is absent. Source: RestConstants.DEFAULT_COUNT. */
export const DEFAULT_COUNT = 10;

export interface Paging {
  readonly start: number;
  readonly count: number;
}

export interface PagingProblem {
  readonly parameter: 'start' | 'count';
  readonly message: string;
}

/** The page that is asked for. `fallback`: what the method declares for absent parameters. */
export function parsePaging(
  parameters: ReadonlyMap<string, Element>,
  fallback: Paging = { start: DEFAULT_START, count: DEFAULT_COUNT },
): Paging | { readonly problem: PagingProblem } {
  const start = readBound(parameters, 'start', fallback.start);
  if (typeof start === 'object') return start;
  const count = readBound(parameters, 'count', fallback.count);
  return typeof count === 'object' ? count : { start, count };
}

export interface Page extends Paging {
  /** How many elements this page holds. */
  readonly size: number;
  /** How many elements there are in all; null if nobody knows. */
  readonly total: number | null;
}

export interface PageLink {
  readonly rel: 'prev' | 'next';
  readonly href: string;
  readonly type: string;
}

/**
 * The links of a page. Other parameters keep their place in the query; `start` and `count` come last.
 *
 * @param mode - `relative`: a full page has a next one unless the total says otherwise (the default of servers);
 *   `fixed`: there is a next page as far as the total reaches
 */
export function pageLinks(
  path: string,
  query: string | null,
  page: Page,
  mode: 'relative' | 'fixed' = 'relative',
): readonly PageLink[] {
  if (page.count === 0) return [];

  const links: PageLink[] = [];
  if (page.start > 0) links.push(link('prev', path, query, Math.max(0, page.start - page.count), page.count));
  if (hasNext(page, mode)) {
    const step = mode === 'fixed' ? page.count : page.size;
    links.push(link('next', path, query, page.start + step, page.count));
  }
  return links;
}

/** Whether a page links to one after it. */
export function hasNext({ start, count, size, total }: Page, mode: 'relative' | 'fixed' = 'relative'): boolean {
  if (count === 0) return false;
  if (mode === 'fixed') return total !== null && start + count < total;
  return (total !== null && start + size < total) || size === count;
}

/** The `paging` member of an answer; `total` only if it is known. */
export function pagingMember(path: string, query: string | null, page: Page, mode?: 'relative' | 'fixed'): Json {
  const links = pageLinks(path, query, page, mode).map(({ rel, type, href }) => ({ rel, type, href }));
  const paging = { start: page.start, count: page.count, links };
  return page.total === null ? paging : { ...paging, total: page.total };
}

function link(rel: PageLink['rel'], path: string, query: string | null, start: number, count: number): PageLink {
  const kept: string[] = [];
  for (const part of partsOf(query ?? '')) {
    const name = formDecode(part.name);
    if ('value' in name && (name.value === 'start' || name.value === 'count')) continue;
    kept.push(part.value === '' ? part.name : `${part.name}=${part.value}`);
  }
  kept.push(`start=${start}`, `count=${count}`);
  return { rel, href: `${path}?${kept.join('&')}`, type: 'application/json' };
}

function readBound(
  parameters: ReadonlyMap<string, Element>,
  parameter: 'start' | 'count',
  fallback: number,
): number | { readonly problem: PagingProblem } {
  const element = parameters.get(parameter);
  const text = isElementList(element) ? element[0] : element;
  if (text === undefined) return fallback;

  const value = typeof text === 'string' && /^[+-]?\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(Math.abs(value) <= 2 ** 31))
    return { problem: { parameter, message: `\`${parameter}\` is no integer of 32 bits` } };
  return value < 0 ? { problem: { parameter, message: `\`${parameter}\` is negative` } } : value;
}
