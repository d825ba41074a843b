/** Laws of lists and their pages: pages join, end, count and link as one list does. */
import type { Operation } from '../contract/contract.ts';
import { isJsonArray, isJsonObject, jsonEquals, memberOf, type Json } from '../protocol/json.ts';
import type { MethodProfile } from '../protocol/methods.ts';
import { elementsOf, isSuccess, pagingOf, sameList, shown } from './compare.ts';
import type { Law, LawFacts, LawFinding, Probe, TraceEntry } from './law.ts';
import { counts } from './read.ts';
import { vary } from './probe.ts';

const byOffset = ({ returns }: MethodProfile, { paging }: Operation): boolean =>
  returns === 'collection' && paging?.kind === 'offset';
const byCursor = ({ returns }: MethodProfile, { paging }: Operation): boolean =>
  returns === 'collection' && paging?.kind === 'cursor';

/** Farther than any list of a test reaches, and still an int. */
const FAR = 1_000_000;

export const COLLECTION_LAWS: readonly Law[] = [
  {
    rule: 'laws/pages-join',
    appliesTo: byOffset,
    probe: (facts) =>
      pages(facts, [
        { start: 0, count: 2 },
        { start: 0, count: 1 },
        { start: 1, count: 1 },
      ]),
    check: ([both, first, second]) => joined('laws/pages-join', both, [first, second]),
  },
  {
    rule: 'laws/beyond-the-end-is-empty',
    appliesTo: byOffset,
    probe: (facts) =>
      pages(facts, [
        { start: 0, count: 1 },
        { start: FAR, count: 1 },
      ]),
    check: ([, far]) => {
      if (far === undefined) return [];
      const rule = 'laws/beyond-the-end-is-empty';
      if (!isSuccess(far)) {
        return [
          {
            rule,
            exchange: 1,
            pointer: null,
            expected: '200 and no elements',
            actual: `${far.status}`,
            message: 'A page beyond the end is refused; it is empty.',
          },
        ];
      }
      const { length } = elementsOf(far.body);
      return length === 0 ? [] : [counts(rule, 1, 0, length, `The page that begins at ${FAR} holds elements.`)];
    },
  },
  {
    rule: 'laws/count-zero-is-empty',
    appliesTo: byOffset,
    probe: (facts) =>
      pages(facts, [
        { start: 0, count: 1 },
        { start: 0, count: 0 },
      ]),
    check: ([, none]) => {
      // A service may declare a least count; what it must not do is to answer elements that nobody asked for.
      if (none === undefined || !isSuccess(none)) return [];
      const { length } = elementsOf(none.body);
      return length === 0
        ? []
        : [counts('laws/count-zero-is-empty', 1, 0, length, 'A page of no elements holds some.')];
    },
  },
  {
    rule: 'laws/total-is-constant',
    appliesTo: byOffset,
    probe: (facts) =>
      pages(facts, [
        { start: 0, count: 2 },
        { start: 0, count: 1 },
        { start: 1, count: 1 },
      ]),
    check: (trace) => {
      const totals = trace.map(({ body }) => memberOf(pagingOf(body), 'total'));
      const [first] = totals;
      if (first === undefined) return [];
      const other = totals.findIndex((total) => total !== undefined && !jsonEquals(total, first));
      if (other < 0) return [];
      return [
        {
          rule: 'laws/total-is-constant',
          exchange: other,
          pointer: '/paging/total',
          expected: shown(first),
          actual: shown(totals[other]),
          message: 'The total changes from page to page; it counts the whole list.',
        },
      ];
    },
  },
  {
    rule: 'laws/pages-say-where-they-begin',
    appliesTo: byOffset,
    probe: (facts) =>
      pages(facts, [
        { start: 0, count: 1 },
        { start: 1, count: 1 },
      ]),
    check: (trace) =>
      trace.flatMap(({ asked, body }, exchange): readonly LawFinding[] => {
        const [wanted, told] = [asked.params.get('start'), memberOf(pagingOf(body), 'start')];
        if (wanted === undefined || told === undefined || jsonEquals(wanted, told)) return [];
        return [
          {
            rule: 'laws/pages-say-where-they-begin',
            exchange,
            pointer: '/paging/start',
            expected: shown(wanted),
            actual: shown(told),
            message: 'The page says that it begins elsewhere than it was asked to.',
          },
        ];
      }),
  },
  {
    rule: 'laws/links-follow',
    appliesTo: byOffset,
    probe: (facts) =>
      pages(facts, [
        { start: 0, count: 1 },
        { start: 1, count: 1 },
      ]),
    check: (trace) => trace.flatMap(linkFindings),
  },
  {
    rule: 'laws/cursor-pages-join',
    appliesTo: byCursor,
    probe: ({ dialect, ...facts }) => {
      const { size, token, next } = dialect.cursor;
      const paged = vary({ dialect, ...facts }, [
        { name: 'asks for a page of one', change: {} },
        { name: 'follows its token', change: {} },
        { name: 'asks for a page of two', change: {} },
      ]);
      if ('blocked' in paged) return paged;
      const withParams = (index: number, more: Readonly<Record<string, Json>>): Probe['steps'][number][] =>
        paged.steps
          .slice(index, index + 1)
          .map((step) => ({ ...step, spec: { ...step.spec, params: { ...step.spec.params, ...more } } }));
      const [first] = withParams(0, { [size]: 1 });
      if (first === undefined) return null;
      const capture = new Map([['token', `body/${next}`]]);
      return {
        setup: paged.setup,
        steps: [
          { ...first, spec: { ...first.spec, capture } },
          ...withParams(1, { [size]: 1, [token]: '${token}' }),
          ...withParams(2, { [size]: 2 }),
        ],
      };
    },
    check: ([first, second, both]) => joined('laws/cursor-pages-join', both, [first, second], 2),
  },
];

function pages(
  facts: LawFacts,
  bounds: readonly { readonly start: number; readonly count: number }[],
): ReturnType<typeof vary> {
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  return vary(
    facts,
    bounds.map(({ start, count }) => ({
      name: `asks for ${count} from ${start}`,
      change: { params: { ...basis.spec.params, start, count } },
    })),
  );
}

/** @param at - index of the exchange that holds both pages */
function joined(
  rule: string,
  both: TraceEntry | undefined,
  parts: readonly (TraceEntry | undefined)[],
  at = 0,
): readonly LawFinding[] {
  if (both === undefined || !isSuccess(both)) return [];
  const whole = elementsOf(both.body);
  const pieces = parts.flatMap((part) => (part !== undefined && isSuccess(part) ? elementsOf(part.body) : []));
  if (sameList(both.contract, whole, pieces)) return [];
  const first = pieces.findIndex((piece, index) => !sameList(both.contract, [piece], whole.slice(index, index + 1)));
  return [
    {
      rule,
      exchange: at === 0 ? Math.max(1, first + 1) : Math.max(0, first),
      pointer: '/elements',
      expected: `the ${whole.length} elements that one page of two holds, in its order`,
      actual: pieces.length === whole.length ? 'other elements' : `${pieces.length} elements`,
      message: 'Two pages of one element are not the page of two: elements are lost or come twice.',
    },
  ];
}

/** Every link of a page leads to the page before or after it, of the same count. */
function linkFindings({ body, asked }: TraceEntry, exchange: number): readonly LawFinding[] {
  const links = memberOf(pagingOf(body), 'links');
  const start = Number(asked.params.get('start') ?? 0);
  const count = Number(asked.params.get('count') ?? 0);
  if (!isJsonArray(links)) return [];
  return links.flatMap((link, index) => {
    const rel = memberOf(link, 'rel');
    const href = memberOf(link, 'href');
    if (!isJsonObject(link) || typeof href !== 'string' || (rel !== 'next' && rel !== 'prev')) return [];
    const wanted = rel === 'next' ? start + elementsOf(body).length : Math.max(0, start - count);
    const at = parameterOf(href, 'start');
    if (at === null || Number(at) === wanted || (rel === 'next' && Number(at) === start + count)) return [];
    return [
      {
        rule: 'laws/links-follow',
        exchange,
        pointer: `/paging/links/${index}/href`,
        expected: `start=${wanted}`,
        actual: `start=${at}`,
        message: `The link to the ${rel === 'next' ? 'next' : 'previous'} page leads to another one.`,
      },
    ];
  });
}

function parameterOf(href: string, name: string): string | null {
  return new RegExp(`[?&]${name}=([^&#]*)`).exec(href)?.[1] ?? null;
}
