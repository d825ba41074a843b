/**
 * The resources that the recorded requests were sent to. `methods` and `names`: what they implement, where the record
 * says so; `longKey`: their keys are integers of 64 bits.
 */
import type { KeyShape } from '../../src/protocol/keys.ts';
import type { ResourceKind } from '../../src/protocol/methods.ts';
import type { PathSegment, ResourceShape } from '../../src/protocol/request.ts';

export interface KnownResource extends ResourceShape {
  readonly methods: readonly string[] | null;
  readonly names: readonly string[];
  readonly entityNames: readonly string[];
  readonly longKey: boolean;
}

const simple: KeyShape = { kind: 'simple' };

function resource(
  name: string,
  kind: ResourceKind,
  key: KeyShape | null,
  more: Partial<Pick<KnownResource, 'methods' | 'names' | 'entityNames' | 'longKey'>> = {},
  parents: readonly PathSegment[] = [],
): KnownResource {
  const segments = [...parents, { literal: name }];
  return { name, kind, key, segments, methods: null, names: [], entityNames: [], longKey: false, ...more };
}

const widget: readonly PathSegment[] = [{ literal: 'widgets' }, { variable: 'widgetsID', key: simple }];
const status: readonly PathSegment[] = [{ literal: 'statuses' }, { variable: 'statusID', key: simple }];
const parts = ['major', 'minor'];

export const HARNESS: readonly KnownResource[] = [
  resource('widgets', 'collection', simple, {
    longKey: true,
    methods: [
      'GET',
      'BATCH_GET',
      'GET_ALL',
      'CREATE',
      'BATCH_CREATE',
      'UPDATE',
      'BATCH_UPDATE',
      'PARTIAL_UPDATE',
      'BATCH_PARTIAL_UPDATE',
      'DELETE',
      'BATCH_DELETE',
    ],
    names: ['search', 'searchGreetings', 'purge', 'noop'],
    entityNames: ['echo'],
  }),
  resource('parts', 'collection', simple, { longKey: true, methods: ['GET', 'CREATE'] }, widget),
  resource('strs', 'collection', simple, { methods: ['GET', 'BATCH_GET', 'CREATE', 'BATCH_CREATE', 'BATCH_UPDATE'] }),
  resource(
    'assoc',
    'association',
    { kind: 'compound', parts: ['src', 'dest'] },
    {
      methods: ['GET', 'BATCH_GET', 'GET_ALL', 'UPDATE', 'BATCH_UPDATE'],
      names: ['bySrc'],
    },
  ),
  resource(
    'cplx',
    'collection',
    { kind: 'complex', parts, params: true },
    {
      methods: ['GET', 'BATCH_GET', 'CREATE', 'BATCH_UPDATE'],
    },
  ),
  resource('single', 'simple', null, {
    methods: ['GET', 'UPDATE', 'PARTIAL_UPDATE', 'DELETE'],
    entityNames: ['shout'],
  }),
  resource('acts', 'actionsSet', null, { methods: [], names: ['ping', 'arr', 'rec', 'vd', 'nul', 'err', 'boom'] }),
  resource('kv', 'collection', simple, {
    longKey: true,
    methods: ['CREATE', 'BATCH_CREATE', 'PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
  }),
];

export const TWITTER: readonly KnownResource[] = [
  resource('statuses', 'collection', simple, {
    longKey: true,
    methods: [
      'CREATE',
      'BATCH_GET',
      'GET',
      'DELETE',
      'UPDATE',
      'PARTIAL_UPDATE',
      'BATCH_UPDATE',
      'BATCH_PARTIAL_UPDATE',
      'BATCH_CREATE',
      'BATCH_DELETE',
    ],
    names: ['public_timeline', 'user_timeline', 'search', 'findByAction', 'batchFinderByAction'],
    entityNames: ['forward', 'streamingAction'],
  }),
  resource('replies', 'collection', simple, {}, status),
  resource('location', 'simple', null, {}, status),
  resource('follows', 'association', { kind: 'compound', parts: ['followerID', 'followeeID'] }),
  resource('discovereditems', 'collection', { kind: 'complex', parts: ['userId', 'type', 'itemId'], params: true }),
  resource('trending', 'simple', null),
  resource('trendRegions', 'collection', simple, {}, [{ literal: 'trending' }]),
  resource('accounts', 'actionsSet', null),
  resource('custom_status', 'collection', simple),
  resource('test', 'association', { kind: 'compound', parts: ['foo', 'bar', 'baz'] }),
];
