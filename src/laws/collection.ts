/** Laws of lists and their pages: pages join, end and count as one list does. */
import type { Contract, Operation } from '../contract/contract.ts';
import { jsonEquals, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import type { MethodProfile } from '../protocol/methods.ts';
import { elementsOf, isSuccess, pagingOf, sameEntity, sameList, shown } from './compare.ts';
import type { Blocked, Law, LawFacts, LawFinding, Probe, ProbeStep, TraceEntry } from './law.ts';
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
        { start: 0, count: 2 },
      ]),
    check: ([both, first, second, again]) => joined('laws/pages-join', [both, again], [first, second]),
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
        { start: 0, count: 2 },
      ]),
    check: (trace) => {
      const totals = trace.map(({ body }) => memberOf(pagingOf(body), 'total'));
      const [first, , , again] = totals;
      // The same page with another total: the list itself has changed meanwhile.
      if (first === undefined || (again !== undefined && !jsonEquals(again, first))) return [];
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
    rule: 'laws/default-page-is-as-declared',
    // What nobody declares a list may choose as it likes, and say so.
    appliesTo: (profile, operation) => byOffset(profile, operation) && (operation.paging?.size ?? null) !== null,
    probe: (facts) => vary(facts, [{ name: 'asks for no page', change: { pagingFields: undefined } }]),
    check: ([list]) => {
      const size = list?.operation?.paging?.size ?? null;
      if (list === undefined || size === null || !isSuccess(list)) return [];
      const usual = { start: 0, count: size };
      return (['start', 'count'] as const).flatMap((name): readonly LawFinding[] => {
        const told = memberOf(pagingOf(list.body), name);
        if (list.asked.params.has(name) || told === undefined || jsonEquals(told, usual[name])) return [];
        return [
          {
            rule: 'laws/default-page-is-as-declared',
            exchange: 0,
            pointer: `/paging/${name}`,
            expected: `${usual[name]}`,
            actual: shown(told),
            message: `A list that is asked for no page answers another \`paging.${name}\` than it declares.`,
          },
        ];
      });
    },
  },
  {
    rule: 'laws/found-is-listed',
    appliesTo: ({ returns, named }, { projection }) => returns === 'collection' && named && projection !== 'required',
    probe: foundProbe,
    check: ([found, all, again]) => {
      if (found === undefined || all === undefined || !isWhole(all)) return [];
      const listed = elementsOf(all.body);
      // What is found before and after was there meanwhile.
      const still = again === undefined || !isSuccess(again) ? null : elementsOf(again.body);
      const isIn = (one: Json, many: readonly Json[]): boolean =>
        many.some((other) => isSameOne(found.contract, one, other));
      const stray = elementsOf(found.body).findIndex(
        (one) => !isIn(one, listed) && (still === null || isIn(one, still)),
      );
      if (stray < 0) return [];
      return [
        {
          rule: 'laws/found-is-listed',
          exchange: 0,
          pointer: `/elements/${stray}`,
          expected: `one of the ${listed.length} elements that the whole list shows`,
          actual: shown(elementsOf(found.body)[stray]),
          message: 'A finder shows an entity that the list of all does not.',
        },
      ];
    },
  },
  {
    rule: 'laws/cursor-pages-join',
    appliesTo: byCursor,
    probe: ({ dialect, ...facts }) => {
      const { size, token, next } = dialect.cursor;
      const paged = vary({ dialect, ...facts }, [
        { name: 'asks for a page of two', change: {} },
        { name: 'asks for a page of one', change: {} },
        { name: 'follows its token', change: {} },
        { name: 'asks for the page of two again', change: {} },
      ]);
      if ('blocked' in paged) return paged;
      const withParams = (index: number, more: Readonly<Record<string, Json>>): Probe['steps'][number][] =>
        paged.steps
          .slice(index, index + 1)
          .map((step) => ({ ...step, spec: { ...step.spec, params: { ...step.spec.params, ...more } } }));
      const [first] = withParams(1, { [size]: 1 });
      if (first === undefined) return null;
      const capture = new Map([['token', `body/${next}`]]);
      return {
        setup: paged.setup,
        steps: [
          ...withParams(0, { [size]: 2 }),
          { ...first, spec: { ...first.spec, capture } },
          ...withParams(2, { [size]: 1, [token]: '${token}' }),
          ...withParams(3, { [size]: 2 }),
        ],
      };
    },
    check: ([both, first, second, again]) => joined('laws/cursor-pages-join', [both, again], [first, second]),
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

/**
 * @param wholes - the page that holds both parts, asked for before them and after them
 * @param parts - exchanges 1 and 2
 */
function joined(
  rule: string,
  wholes: readonly (TraceEntry | undefined)[],
  parts: readonly (TraceEntry | undefined)[],
): readonly LawFinding[] {
  const [both, again] = wholes;
  if (both === undefined || !isSuccess(both)) return [];
  const whole = elementsOf(both.body);
  // Entities that come or go meanwhile, and a server that tells that its pages are shorter, explain any difference.
  if (again !== undefined && isSuccess(again) && !sameList(both.contract, whole, elementsOf(again.body))) return [];
  if (isCut(both)) return [];
  const pieces = parts.flatMap((part) => (part !== undefined && isSuccess(part) ? elementsOf(part.body) : []));
  if (sameList(both.contract, whole, pieces)) return [];
  const first = pieces.findIndex((piece, index) => !sameList(both.contract, [piece], whole.slice(index, index + 1)));
  return [
    {
      rule,
      exchange: Math.max(1, first + 1),
      pointer: '/elements',
      expected: `the ${whole.length} elements that one page of two holds, in its order`,
      actual: pieces.length === whole.length ? 'other elements' : `${pieces.length} elements`,
      message: 'Two pages of one element are not the page of two: elements are lost or come twice.',
    },
  ];
}

/** Whether a page says that it may hold less than it was asked for. */
function isCut({ body, asked }: TraceEntry): boolean {
  const [told, count] = [memberOf(pagingOf(body), 'count'), asked.params.get('count')];
  return typeof told === 'number' && typeof count === 'number' && told < count;
}

/** More than the lists of a test hold; services that allow more on one page are rare. */
const ALL = 1000;

/** What the finder finds, then all that there is. */
function foundProbe(facts: LawFacts): Probe | Blocked | null {
  const lister = facts.find('GET_ALL');
  const basis = facts.basis();
  if (lister === null || lister.projection === 'required' || lister.paging?.kind === 'cursor') return null;
  if ([...lister.params.values()].some((field) => field.required)) return null;
  if ('blocked' in basis) return basis;
  const params: JsonObject = lister.paging === null ? {} : { start: 0, count: Math.min(ALL, lister.paging.max ?? ALL) };
  const find: ProbeStep = {
    name: 'finds some',
    operation: facts.operation,
    spec: { ...basis.spec, fields: undefined },
    expects: 'success',
  };
  return {
    setup: basis.setup,
    steps: [
      find,
      { name: 'lists all', operation: lister, spec: { parents: basis.spec.parents, params }, expects: 'any' },
      { ...find, name: 'finds them again', expects: 'any' },
    ],
  };
}

/** Whether a list is known to show all there is: its page reaches as far as the total, or is not full. */
function isWhole({ status, body, asked }: TraceEntry): boolean {
  if (!isSuccess({ status })) return false;
  const [total, told] = ['total', 'count'].map((name) => memberOf(pagingOf(body), name));
  const count = told ?? asked.params.get('count');
  if (typeof count !== 'number') return true;
  return typeof total === 'number' && total >= 0 ? total <= count : elementsOf(body).length < count;
}

/** Whether two elements are one entity: by the parts of the key, where both show them. */
function isSameOne(contract: Contract, one: Json, other: Json): boolean {
  const parts = [...(contract.key?.parts.keys() ?? [])];
  const isNamed =
    parts.length > 0 && [one, other].every((each) => parts.every((part) => memberOf(each, part) !== undefined));
  if (!isNamed) return sameEntity(contract, one, other);
  return parts.every((part) => jsonEquals(memberOf(one, part) ?? null, memberOf(other, part) ?? null));
}
