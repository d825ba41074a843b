/** Laws of the links between pages: they are there, lead to the neighbours, and ask for the same list. */
import type { Operation } from '../contract/contract.ts';
import { decodeElement, percentDecode } from '../protocol/encoding.ts';
import { isJsonArray, jsonEquals, memberOf, type Json } from '../protocol/json.ts';
import type { MethodProfile } from '../protocol/methods.ts';
import { isMaskParameter, partsOf } from '../protocol/query.ts';
import { elementsOf, isSuccess, pagingOf } from './compare.ts';
import type { Law, LawFacts, LawFinding, TraceEntry } from './law.ts';
import { vary } from './probe.ts';

const linked = ({ returns }: MethodProfile, { paging }: Operation): boolean =>
  returns === 'collection' && paging?.kind === 'offset';

export const LINK_LAWS: readonly Law[] = [
  {
    rule: 'laws/links-follow',
    appliesTo: linked,
    probe: twoPages,
    check: eachLink(({ rel, at, start, count, size }) => {
      const wanted = rel === 'next' ? start + size : Math.max(0, start - count);
      if (at.start === null || at.start === wanted || (rel === 'next' && at.start === start + count)) return null;
      return {
        rule: 'laws/links-follow',
        expected: `start=${wanted}`,
        actual: `start=${at.start}`,
        message: `The link to the ${WORDS[rel]} page leads to another one.`,
      };
    }),
  },
  {
    rule: 'laws/links-keep-the-count',
    appliesTo: linked,
    probe: twoPages,
    check: eachLink(({ rel, at, count }) => {
      if (at.count === null || at.count === count) return null;
      return {
        rule: 'laws/links-keep-the-count',
        expected: `count=${count}`,
        actual: `count=${at.count}`,
        message: `The link to the ${WORDS[rel]} page asks for pages of another length.`,
      };
    }),
  },
  {
    rule: 'laws/links-keep-the-query',
    appliesTo: linked,
    probe: twoPages,
    check: eachLink(({ rel, at, entry }) => {
      const lost = parametersOf(entry.exchange.request.target).find(
        (one) => !isPaging(one.name) && !at.parameters.some((other) => isSameParameter(one, other)),
      );
      if (lost === undefined) return null;
      const instead = at.parameters.find(({ name }) => name === lost.name);
      return {
        rule: 'laws/links-keep-the-query',
        expected: `${lost.name}=${lost.value}`,
        actual: instead === undefined ? `no ${lost.name}` : `${instead.name}=${instead.value}`,
        message: `The link to the ${WORDS[rel]} page asks for another list: it does not keep \`${lost.name}\`.`,
      };
    }),
  },
  {
    rule: 'laws/next-page-is-linked',
    appliesTo: linked,
    probe: twoPages,
    check: (trace) =>
      trace.flatMap((entry, exchange): readonly LawFinding[] => {
        const page = pageOf(entry);
        if (page === null || page.total === null) return [];
        const { start, count, size, total } = page;
        const rule = 'laws/next-page-is-linked';
        const has = page.rels.includes('next');
        // Servers count on by the page's length or by what was asked for: only where both agree is the answer known.
        if (!has && size === count && start + count < total)
          return [
            unlinked(rule, exchange, 'a link `next`', 'none', `The list has ${total} elements, and no link leads on.`),
          ];
        if (has && size < count && start + size >= total)
          return [unlinked(rule, exchange, 'no link `next`', 'one', 'A link leads on from the end of the list.')];
        return [];
      }),
  },
  {
    rule: 'laws/previous-page-is-linked',
    appliesTo: linked,
    probe: twoPages,
    check: (trace) =>
      trace.flatMap((entry, exchange): readonly LawFinding[] => {
        const page = pageOf(entry);
        if (page === null) return [];
        const rule = 'laws/previous-page-is-linked';
        const has = page.rels.includes('prev');
        if (!has && page.start > 0)
          return [
            unlinked(rule, exchange, 'a link `prev`', 'none', `No link leads back from the page at ${page.start}.`),
          ];
        if (has && page.start === 0)
          return [unlinked(rule, exchange, 'no link `prev`', 'one', 'A link leads back from the first page.')];
        return [];
      }),
  },
];

const WORDS = { next: 'next', prev: 'previous' } as const;

interface Parameter {
  readonly name: string;
  /** Raw, as it stands in the query. */
  readonly value: string;
}

/** One link of a page, with what its page was asked for. */
interface Link {
  readonly rel: 'next' | 'prev';
  readonly entry: TraceEntry;
  readonly start: number;
  readonly count: number;
  /** Elements of the page. */
  readonly size: number;
  readonly at: {
    readonly start: number | null;
    readonly count: number | null;
    readonly parameters: readonly Parameter[];
  };
}

/** The first page and the second, of one element each and with a projection, which a link must keep as well. */
function twoPages(facts: LawFacts): ReturnType<typeof vary> {
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  const fields = facts.operation.projection === 'none' ? undefined : facts.members().slice(0, 2).join(',');
  const masked = fields === undefined || fields === '' || basis.spec.fields !== undefined ? {} : { fields };
  return vary(
    facts,
    [0, 1].map((start) => ({
      name: `asks for 1 from ${start}`,
      change: { tunnel: false, ...masked, params: { ...basis.spec.params, start, count: 1 } },
    })),
  );
}

function eachLink(
  judge: (link: Link) => Pick<LawFinding, 'rule' | 'expected' | 'actual' | 'message'> | null,
): Law['check'] {
  return (trace) =>
    trace.flatMap((entry, exchange) =>
      isSuccess(entry)
        ? linksOf(entry).flatMap(({ link, index }) => {
            const found = judge(link);
            return found === null ? [] : [{ ...found, exchange, pointer: `/paging/links/${index}/href` }];
          })
        : [],
    );
}

function linksOf(entry: TraceEntry): readonly { readonly link: Link; readonly index: number }[] {
  const { body, asked } = entry;
  const links = memberOf(pagingOf(body), 'links');
  if (!isJsonArray(links)) return [];
  const asks = { start: Number(asked.params.get('start') ?? 0), count: Number(asked.params.get('count') ?? 0) };
  return links.flatMap((one, index) => {
    const [rel, href] = [memberOf(one, 'rel'), memberOf(one, 'href')];
    if (typeof href !== 'string' || (rel !== 'next' && rel !== 'prev')) return [];
    const parameters = parametersOf(href);
    const at = { start: numberIn(parameters, 'start'), count: numberIn(parameters, 'count'), parameters };
    return [{ index, link: { rel, entry, ...asks, size: elementsOf(body).length, at } }];
  });
}

/** What a page says of itself; null where it was refused, is of no length, or has no `links` to look for. */
function pageOf(entry: TraceEntry): {
  readonly start: number;
  readonly count: number;
  readonly size: number;
  readonly total: number | null;
  readonly rels: readonly (Json | undefined)[];
} | null {
  const paging = pagingOf(entry.body);
  const links = memberOf(paging, 'links');
  const total = memberOf(paging, 'total');
  const [start, count] = ['start', 'count'].map((name) => entry.asked.params.get(name));
  if (!isSuccess(entry) || !isJsonArray(links) || typeof start !== 'number' || typeof count !== 'number') return null;
  if (count === 0) return null;
  return {
    start,
    count,
    size: elementsOf(entry.body).length,
    // A negative total says that it is not known.
    total: typeof total === 'number' && total >= 0 ? total : null,
    rels: links.map((one) => memberOf(one, 'rel')),
  };
}

function unlinked(rule: string, exchange: number, expected: string, actual: string, message: string): LawFinding {
  return { rule, exchange, pointer: '/paging/links', expected, actual, message };
}

/** Query parameters of a path or an absolute address, raw. */
function parametersOf(href: string): readonly Parameter[] {
  const [address = ''] = href.split('#');
  const mark = address.indexOf('?');
  return mark < 0 ? [] : [...partsOf(address.slice(mark + 1))].map(({ name, value }) => ({ name, value }));
}

function isPaging(name: string): boolean {
  return name === 'start' || name === 'count';
}

/** Values are compared decoded: a link may escape more or less than the request did. */
function isSameParameter(one: Parameter, other: Parameter): boolean {
  if (plain(one.name) !== plain(other.name)) return false;
  if (isMaskParameter(one.name)) return maskParts(one.value) === maskParts(other.value);
  const [left, right] = [decodeElement(one.value), decodeElement(other.value)];
  return 'value' in left && 'value' in right
    ? jsonEquals(left.value, right.value)
    : plain(one.value) === plain(other.value);
}

/** A mask is read raw, and its parts stand in any order. */
function maskParts(value: string): string {
  return value.split(',').toSorted().join(',');
}

function plain(text: string): string {
  const decoded = percentDecode(text);
  return 'value' in decoded ? decoded.value : text;
}

function numberIn(parameters: readonly Parameter[], name: string): number | null {
  const value = parameters.find((one) => one.name === name)?.value;
  return value === undefined || !/^-?\d+$/.test(value) ? null : Number(value);
}
