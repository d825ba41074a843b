/** The paths of all resources as one tree, so that finding a resource costs one step a segment. */
import type { KeyShape } from './keys.ts';
import type { ResourceShape } from './request.ts';
import { RESOURCE_KINDS } from './resources.ts';

export interface ResourceNode {
  /** Segments from the root; keys count. */
  readonly depth: number;
  /** The resource whose bare path, or whose entity, is here. */
  resource: ResourceShape | null;
  /** Whether this node is reached by the resource's own key. */
  readonly isEntity: boolean;
  readonly literals: Map<string, ResourceNode>;
  /** Where a key leads, if one may follow. */
  key: { shape: KeyShape; readonly entity: ResourceNode } | null;
  /** Whether the next segment is a key whatever it says: the resource here has keys. */
  keyFirst: boolean;
}

const trees = new WeakMap<readonly ResourceShape[], ResourceNode>();

/** The tree of these resources; made once for the same array. */
export function resourceTree(resources: readonly ResourceShape[]): ResourceNode {
  const known = trees.get(resources);
  if (known !== undefined) return known;

  const root = node(0, false);
  for (const resource of resources) plant(root, resource);
  trees.set(resources, root);
  return root;
}

function plant(root: ResourceNode, resource: ResourceShape): void {
  let here = root;
  for (const segment of resource.segments) {
    if ('literal' in segment) {
      const next = here.literals.get(segment.literal) ?? node(here.depth + 1, false);
      here.literals.set(segment.literal, next);
      here = next;
    } else here = entityOf(here, segment.key);
  }

  here.resource = resource;
  if (!RESOURCE_KINDS[resource.kind].hasKey || resource.key === null) return;
  // The resource's own word on its key outranks what a sub-resource said of its parent.
  const entity = entityOf(here, resource.key);
  here.key = { shape: resource.key, entity };
  here.keyFirst = true;
  entity.resource = resource;
}

function entityOf(here: ResourceNode, shape: KeyShape): ResourceNode {
  here.key ??= { shape, entity: node(here.depth + 1, true) };
  return here.key.entity;
}

function node(depth: number, isEntity: boolean): ResourceNode {
  return { depth, resource: null, isEntity, literals: new Map(), key: null, keyFirst: false };
}
