/** Faults in envelopes: entries of batches, lists and their pages. */
import { errorBody } from './errors.ts';
import { isJsonArray, isJsonObject, jsonObject, memberOf, type JsonObject } from '../protocol/json.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';
import { failure, isPage, type Item, type Page, type Result } from './result.ts';

export const ENTRY_FAULTS: readonly Fault[] = [
  {
    name: 'batch-get-drops-an-entity',
    title: 'Leaves an entity that GET finds out of BATCH_GET',
    kind: 'batch',
    breaks: ['BATCH_GET'],
    rules: ['batch/hidden-failure', 'expectation/each', 'laws/batch-get-equals-gets'],
    caughtBy: 'contract',
    apply: {
      result: (result) => (result.kind === 'batch' ? { ...result, items: withoutLastGood(result.items) } : result),
    },
  },
  {
    name: 'batch-get-stray-entity',
    title: 'Answers an entity in BATCH_GET that nobody asked for',
    kind: 'batch',
    breaks: ['BATCH_GET'],
    rules: ['batch/key-not-asked'],
    caughtBy: 'contract',
    apply: { result: withStrayEntity },
  },
  {
    name: 'batch-write-drops-a-key',
    title: 'Leaves a key of a batch write out of both maps',
    kind: 'batch',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['batch/key-unanswered'],
    caughtBy: 'contract',
    apply: {
      result: (result) => (result.kind === 'statuses' ? { ...result, items: result.items.slice(0, -1) } : result),
    },
  },
  {
    name: 'batch-hides-a-failure',
    title: 'Answers every key of a batch write with success, also those that failed',
    kind: 'batch',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['expectation/each', 'laws/batch-status-equals-single'],
    caughtBy: 'laws',
    apply: {
      result: (result) => (result.kind === 'statuses' ? { ...result, items: result.items.map(asSuccess) } : result),
    },
  },
  {
    name: 'batch-fails-as-a-whole',
    title: 'Fails a whole batch for one key of it',
    kind: 'batch',
    breaks: ['BATCH_GET', 'BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE', 'BATCH_CREATE'],
    rules: ['status/not-success'],
    caughtBy: 'contract',
    apply: { result: failingWhole },
  },
  {
    name: 'batch-keys-swapped',
    title: 'Answers the entries of a batch under each other’s keys',
    kind: 'batch',
    breaks: ['BATCH_GET', 'BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['expectation/each', 'laws/batch-get-unites'],
    caughtBy: 'laws',
    apply: { result: withSwappedKeys },
  },
  {
    name: 'batch-create-out-of-order',
    title: 'Answers the elements of a BATCH_CREATE in another order than they were sent',
    kind: 'batch',
    breaks: ['BATCH_CREATE'],
    rules: ['expectation/each', 'laws/batch-create-keeps-order'],
    caughtBy: 'laws',
    apply: {
      result: (result) => (result.kind === 'createdBatch' ? { ...result, items: result.items.toReversed() } : result),
    },
  },
  {
    name: 'batch-create-drops-an-element',
    title: 'Answers only the elements of a BATCH_CREATE before the last',
    kind: 'batch',
    breaks: ['BATCH_CREATE'],
    rules: ['batch-create/one-result-per-element'],
    caughtBy: 'contract',
    apply: {
      result: (result) => (result.kind === 'createdBatch' ? { ...result, items: result.items.slice(0, -1) } : result),
    },
  },
  {
    name: 'batch-finder-drops-empty-lists',
    title: 'Leaves out of a BATCH_FINDER the criteria that match nothing',
    kind: 'batch',
    breaks: ['BATCH_FINDER'],
    rules: ['batch-finder/one-result-per-criteria'],
    caughtBy: 'contract',
    apply: {
      result: (result) =>
        result.kind === 'collections'
          ? { ...result, pages: result.pages.filter((page) => !isPage(page) || page.elements.length > 0) }
          : result,
    },
  },
  {
    name: 'batch-finder-extra-element',
    title: 'Answers one more list in a BATCH_FINDER than there are criteria',
    kind: 'batch',
    breaks: ['BATCH_FINDER'],
    rules: ['batch-finder/one-result-per-criteria'],
    caughtBy: 'contract',
    apply: {
      result: (result) =>
        result.kind === 'collections' ? { ...result, pages: [...result.pages, ...result.pages.slice(-1)] } : result,
    },
  },
  {
    name: 'batch-finder-out-of-order',
    title: 'Answers the criteria of a BATCH_FINDER in another order than they were asked',
    kind: 'batch',
    breaks: ['BATCH_FINDER'],
    rules: ['expectation/each', 'laws/batch-finder-keeps-order', 'laws/batch-finder-equals-finders'],
    caughtBy: 'laws',
    apply: {
      result: (result) => (result.kind === 'collections' ? { ...result, pages: result.pages.toReversed() } : result),
    },
  },
  {
    name: 'list-loses-an-element',
    title: 'Leaves the first element out of every list',
    kind: 'entities',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['expectation/body'],
    caughtBy: 'laws',
    apply: { result: (result) => mapPages(result, (page) => ({ ...page, elements: page.elements.slice(1) })) },
  },
  {
    name: 'list-out-of-order',
    title: 'Answers the elements of a page in no steady order',
    kind: 'entities',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['expectation/body'],
    caughtBy: 'laws',
    apply: { result: (result) => mapPages(result, (page) => ({ ...page, elements: page.elements.toReversed() })) },
  },
  {
    name: 'total-counts-the-page',
    title: 'Answers the length of the page as `paging.total`',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['laws/total-is-constant'],
    caughtBy: 'laws',
    apply: {
      result: (result) =>
        mapPaging(result, (paging, page) => ('total' in paging ? { ...paging, total: page.elements.length } : paging)),
    },
  },
  {
    name: 'total-missing',
    title: 'Leaves out `paging.total` although the contract promises it',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['paging/total-missing'],
    caughtBy: 'contract',
    apply: { result: (result) => mapPaging(result, (paging) => without(paging, 'total')) },
  },
  {
    name: 'next-link-wrong',
    title: 'Links a next page that begins one element late',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['laws/links-follow'],
    caughtBy: 'laws',
    apply: { result: (result) => mapPaging(result, withLateLink) },
  },
  {
    name: 'paging-echo-wrong',
    title: 'Answers a `paging.start` that is one too high',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['paging/echo', 'laws/pages-say-where-they-begin'],
    caughtBy: 'laws',
    apply: {
      result: (result) => mapPaging(result, (paging) => ({ ...paging, start: Number(paging['start'] ?? 0) + 1 })),
    },
  },
  {
    name: 'metadata-missing',
    title: 'Leaves out the metadata of lists',
    kind: 'envelopes',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['expectation/body'],
    caughtBy: 'contract',
    apply: { result: (result) => mapPages(result, (page) => ({ ...page, metadata: undefined })) },
  },
];

function mapPages(result: Result, change: (page: Page) => Page): Result {
  if (result.kind === 'collection') return { ...result, page: change(result.page) };
  if (result.kind !== 'collections') return result;
  return { ...result, pages: result.pages.map((page) => (isPage(page) ? change(page) : page)) };
}

function mapPaging(result: Result, change: (paging: JsonObject, page: Page) => JsonObject): Result {
  return mapPages(result, (page) => (page.paging === null ? page : { ...page, paging: change(page.paging, page) }));
}

function withLateLink(paging: JsonObject): JsonObject {
  const links = memberOf(paging, 'links');
  if (!isJsonArray(links)) return paging;
  return {
    ...paging,
    links: links.map((link) => {
      const href = memberOf(link, 'href');
      if (!isJsonObject(link) || link['rel'] !== 'next' || typeof href !== 'string') return link;
      return {
        ...link,
        href: href.replace(/([?&]start=)(\d+)/, (_, name: string, start: string) => `${name}${Number(start) + 1}`),
      };
    }),
  };
}

function withoutLastGood(items: readonly Item[]): readonly Item[] {
  const last = items.findLastIndex(({ entity }) => entity !== null);
  return items.filter((_, index) => index !== last);
}

function withStrayEntity(result: Result, call: Call): Result {
  if (result.kind !== 'batch') return result;
  const asked = new Set(result.items.map(({ entity }) => entity));
  const stray = call.state.list(call.place).find(({ entity }) => !asked.has(entity));
  if (stray === undefined) return result;
  return { ...result, items: [...result.items, { ...stray, status: 200, error: null }] };
}

function asSuccess(item: Item): Item {
  return item.status < 400 ? item : { ...item, status: 204, error: null };
}

function failingWhole(result: Result, call: Call): Result {
  if (!('items' in result)) return result;
  const failed = result.items.find(({ status }) => status >= 400);
  if (failed === undefined) return result;
  const error = failed.error ?? errorBody(failed.status, { message: 'One of the keys failed.' }, call.asked.dialect);
  return failure(failed.status, error);
}

/** Each entry under the key of the one after it. */
function withSwappedKeys(result: Result): Result {
  if (result.kind !== 'batch' && result.kind !== 'statuses') return result;
  const { items } = result;
  return {
    ...result,
    items: items.map((item, index) => ({ ...item, key: items[(index + 1) % items.length]?.key ?? item.key })),
  };
}

function without(members: JsonObject, name: string): JsonObject {
  return jsonObject(Object.entries(members).filter(([other]) => other !== name));
}
