/**
 * The four kinds of resource. Which methods each may serve is a column of METHODS; here is what a kind says about
 * keys and paths.
 */
import { METHOD_NAMES, profileOf, type Level, type MethodName, type ResourceKind } from './methods.ts';
import type { KeyShape } from './keys.ts';

export interface ResourceKindProfile {
  readonly kind: ResourceKind;
  /** Whether its entities have keys, and which shapes a key may take. */
  readonly hasKey: boolean;
  readonly keys: readonly KeyShape['kind'][];
  /** The level of its bare path, without a key. */
  readonly bareLevel: Level;
  readonly ownsSubResources: boolean;
  readonly methods: readonly MethodName[];
}

// prettier-ignore
export const RESOURCE_KINDS: Readonly<Record<ResourceKind, ResourceKindProfile>> = {
  collection:  { kind: 'collection',  hasKey: true,  keys: ['simple', 'complex'], bareLevel: 'collection', ownsSubResources: true,  methods: methodsOf('collection') },
  association: { kind: 'association', hasKey: true,  keys: ['compound'],          bareLevel: 'collection', ownsSubResources: true,  methods: methodsOf('association') },
  simple:      { kind: 'simple',      hasKey: false, keys: [],                    bareLevel: 'entity',     ownsSubResources: true,  methods: methodsOf('simple') },
  actionsSet:  { kind: 'actionsSet',  hasKey: false, keys: [],                    bareLevel: 'collection', ownsSubResources: false, methods: methodsOf('actionsSet') },
};

export const RESOURCE_KIND_NAMES: readonly ResourceKind[] = ['collection', 'association', 'simple', 'actionsSet'];

function methodsOf(kind: ResourceKind): readonly MethodName[] {
  return METHOD_NAMES.filter((name) => profileOf(name).kinds.includes(kind));
}
