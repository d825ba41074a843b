/**
 * Every single fault of verb, header, key and parameter in a right request of each method: with the header sent, or
 * with the intent stated, all are caught; without both, all but those whose request is a right one of another method.
 */
import { describe, expect, it } from 'vitest';
import { isMethodName, METHOD_NAMES, profileOf, type MethodName } from '../../src/protocol/methods.ts';
import { send } from './support.ts';

const BOOK = '{"isbn":"1","title":"a","genre":"POETRY"}';
const PATCH = '{"patch":{"$set":{"title":"a"}}}';

interface Right {
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: string;
  readonly operation?: string;
}

const RIGHT: Readonly<Record<MethodName, Right>> = {
  GET: { path: '/books/1', query: [] },
  BATCH_GET: { path: '/books', query: ['ids=List(1,2)'] },
  GET_ALL: { path: '/books', query: [] },
  FINDER: { path: '/books', query: ['q=search', 'title=a'], operation: 'search' },
  BATCH_FINDER: { path: '/books', query: ['bq=searchMany', 'criteria=List((title:a))'], operation: 'searchMany' },
  CREATE: { path: '/books', query: [], body: BOOK },
  BATCH_CREATE: { path: '/books', query: [], body: `{"elements":[${BOOK}]}` },
  UPDATE: { path: '/books/1', query: [], body: BOOK },
  BATCH_UPDATE: { path: '/books', query: ['ids=List(1)'], body: `{"entities":{"1":${BOOK}}}` },
  PARTIAL_UPDATE: { path: '/books/1', query: [], body: PATCH },
  BATCH_PARTIAL_UPDATE: { path: '/books', query: ['ids=List(1)'], body: `{"entities":{"1":${PATCH}}}` },
  DELETE: { path: '/books/1', query: [] },
  BATCH_DELETE: { path: '/books', query: ['ids=List(1)'] },
  ACTION: { path: '/books/1', query: ['action=lend'], body: '{"reader":"urn:li:person:a"}', operation: 'lend' },
};

interface Fault {
  readonly name: string;
  readonly verb: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly header: string | null;
}

function faultsOf(method: MethodName, header: string | null): readonly Fault[] {
  const { verb, parameter } = profileOf(method);
  const { path, query } = RIGHT[method];
  const right = { verb, path, query, header };
  const otherPath = path === '/books' ? '/books/1' : '/books';
  return [
    ...['GET', 'POST', 'PUT', 'DELETE', 'PATCH']
      .filter((other) => other !== verb)
      .map((other) => ({ ...right, name: `verb ${other}`, verb: other })),
    { ...right, name: path === '/books' ? 'key added' : 'key lost', path: otherPath },
    ...query
      .map((part) => ({
        ...right,
        name: `${part.slice(0, part.indexOf('='))} lost`,
        query: query.filter((one) => one !== part),
      }))
      .filter(({ name }) => name !== 'title lost'),
    ...['ids=List(1)', 'q=search', 'bq=searchMany', 'action=lend']
      .filter((part) => !part.startsWith(`${parameter}=`))
      .map((part) => ({ ...right, name: `${part} added`, query: [...query, part] })),
    ...(header === null
      ? []
      : METHOD_NAMES.filter((other) => other !== method).map((other) => ({
          ...right,
          name: `header ${other}`,
          header: other,
        }))),
  ];
}

function judge(
  method: MethodName,
  fault: Fault,
  withIntent: boolean,
): { readonly caught: boolean; readonly reached: MethodName | null } {
  const { body, operation } = RIGHT[method];
  const query = fault.query.length === 0 ? '' : `?${fault.query.join('&')}`;
  const { violations, asked } = send(`${fault.verb} ${fault.path}${query}`, {
    ...(body === undefined ? {} : { body }),
    headers: { 'X-RestLi-Method': fault.header, 'X-Confirm': 'y' },
    ...(withIntent ? { intent: { method, ...(operation === undefined ? {} : { operation }) } } : {}),
  });
  return { caught: violations.some(({ level }) => level === 'must'), reached: asked?.method ?? null };
}

describe.each(METHOD_NAMES.filter(isMethodName))('%s', (method) => {
  it.each([method, null])('sent rightly with header %s breaks nothing', (header) => {
    const { verb, headerSelects } = profileOf(method);
    if (headerSelects && header === null) return;
    const { path, query } = RIGHT[method];
    expect(judge(method, { name: 'none', verb, path, query, header }, true).caught).toBe(false);
  });

  it('is caught in every fault where its header is sent', () => {
    const missed = faultsOf(method, method).filter((fault) => !judge(method, fault, false).caught);
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  it('is caught in every fault where its intent is stated', () => {
    const missed = faultsOf(method, null).filter((fault) => !judge(method, fault, true).caught);
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  it('is missed without both only where the request is a right one of another method', () => {
    const missed = faultsOf(method, null)
      .map((fault) => ({ fault, ...judge(method, fault, false) }))
      .filter(({ caught }) => !caught);
    for (const { fault, reached } of missed) {
      if (reached === null) throw new Error(`${fault.name} is missed and reaches nothing`);
      expect(reached, fault.name).not.toBe(method);
      // Nothing but what the right request of that method holds.
      const allowed = RIGHT[reached].query.map((part) => part.slice(0, part.indexOf('=')));
      expect(
        fault.query.every((part) => allowed.includes(part.slice(0, part.indexOf('=')))),
        fault.name,
      ).toBe(true);
    }
  });
});
