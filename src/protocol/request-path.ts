/**
 * Finds the resource and the keys that a path names, segment by segment as the server does: split before anything is
 * decoded, so that `%2F` never separates.
 */
import type { ProtocolVersion } from './dialects.ts';
import { percentDecode } from './encoding.ts';
import type { JsonObject } from './json.ts';
import { isCompleteKey, readKey, type Key, type KeyShape } from './keys.ts';
import type { Level } from './methods.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { ResourceShape } from './request.ts';
import { RESOURCE_KINDS } from './resources.ts';
import { resourceTree, type ResourceNode } from './resource-tree.ts';

/** Where a path leads. */
export interface Place {
  readonly resource: ResourceShape;
  readonly level: Level;
  /** The keys of the parents by the names of their variables. */
  readonly parents: ReadonlyMap<string, Key>;
  readonly key: Key | null;
  /** Parts of a compound key in the path of a collection. */
  readonly partialKey: JsonObject | null;
}

/** Follows the path as the server does: at a collection the next segment is a key, after a key it is a sub-resource. */
export function walkPath(
  path: string,
  resources: readonly ResourceShape[],
  protocol: ProtocolVersion,
  bases: readonly string[],
): Place | Refusal {
  const tree = resourceTree(resources);
  const start = path.length - stripBase(path, bases).length;
  const segments = segmentsOf(path, start);
  const keys: Key[] = [];
  let node = tree;
  let partialKey: JsonObject | null = null;
  for (const { text, at } of segments) {
    const here = { part: 'path', offset: at } as const;
    const resource = node.resource;
    if (partialKey !== null) {
      return refuse(400, 'key-incomplete', `\`${text}\` follows a key that lacks parts`, here, resource);
    }

    const child = node.keyFirst ? undefined : literalOf(node, text);
    if (child !== undefined) {
      node = child;
      continue;
    }
    if (node.key === null) return noSegment(node, text, tree, here);

    const read = readPathKey(text, node.key.shape, protocol, at, resource);
    if ('reason' in read) return read;
    if (!isCompleteKey(read.key, node.key.shape)) partialKey = typeof read.key === 'object' ? read.key : null;
    else {
      keys.push(read.key);
      node = node.key.entity;
    }
  }

  const { resource } = node;
  if (resource === null) {
    const [first] = segments;
    const message = first === undefined ? 'the path names no resource' : `no resource is at \`${path}\``;
    return refuse(404, node.depth === 0 ? 'root-unknown' : 'sub-resource-unknown', message, {
      part: 'path',
      offset: start,
    });
  }
  const key = node.isEntity ? (keys.pop() ?? null) : null;
  const level = node.isEntity ? 'entity' : RESOURCE_KINDS[resource.kind].bareLevel;
  return { resource, level, parents: parentsOf(resource, keys), key, partialKey };
}

function parentsOf(resource: ResourceShape, keys: readonly Key[]): ReadonlyMap<string, Key> {
  if (keys.length === 0) return NO_PARENTS;

  const parents = new Map<string, Key>();
  let index = 0;
  for (const segment of resource.segments) {
    if ('literal' in segment) continue;
    const key = keys[index++];
    if (key !== undefined) parents.set(segment.variable, key);
  }
  return parents;
}

const NO_PARENTS: ReadonlyMap<string, Key> = new Map();

function literalOf(node: ResourceNode, text: string): ResourceNode | undefined {
  const exact = node.literals.get(text);
  if (exact !== undefined || !text.includes('%')) return exact;
  const decoded = percentDecode(text);
  return 'value' in decoded ? node.literals.get(decoded.value) : undefined;
}

function noSegment(node: ResourceNode, text: string, tree: ResourceNode, here: Refusal['at']): Refusal {
  const { resource } = node;
  if (node === tree) return refuse(404, 'root-unknown', `no resource \`${text}\` is at the root`, here);
  if (resource?.kind === 'actionsSet') {
    return refuse(400, 'key-on-actions-set', `an action set has no keys (\`${text}\`)`, here, resource);
  }
  if (resource?.kind === 'simple' && !node.isEntity && node.literals.size === 0) {
    return refuse(
      404,
      'path-extra',
      `nothing follows a simple resource without sub-resources (\`${text}\`)`,
      here,
      resource,
    );
  }
  return refuse(404, 'sub-resource-unknown', `no sub-resource \`${text}\` is there`, here, resource);
}

function readPathKey(
  text: string,
  shape: KeyShape,
  protocol: ProtocolVersion,
  offset: number,
  resource: ResourceShape | null,
): { readonly key: Key } | Refusal {
  const read = readKey(text, shape, 'path', protocol);
  if ('problem' in read) {
    const isText = shape.kind === 'complex' && !text.startsWith('(');
    const at = { part: 'path', offset: offset + read.problem.column } as const;
    return refuse(
      isText ? 500 : 400,
      isText ? 'key-not-a-record' : 'key-malformed',
      read.problem.message,
      at,
      resource,
    );
  }
  return read;
}

/** The raw segments with their offsets. Trailing slashes do not count; an empty segment inside does. */
function segmentsOf(path: string, start: number): readonly { readonly text: string; readonly at: number }[] {
  let end = path.length;
  while (end > start && path.charCodeAt(end - 1) === 0x2f) end--;

  const segments: { readonly text: string; readonly at: number }[] = [];
  if (start === end) return segments;
  for (let at = path.charCodeAt(start) === 0x2f ? start + 1 : start; at <= end;) {
    const slash = path.indexOf('/', at);
    const stop = slash < 0 || slash > end ? end : slash;
    segments.push({ text: path.slice(at, stop), at });
    at = stop + 1;
  }
  return segments;
}

function stripBase(path: string, bases: readonly string[]): string {
  let longest = '';
  for (const base of bases) {
    const bare = base.endsWith('/') ? base.slice(0, -1) : base;
    if (
      bare.length > longest.length &&
      path.startsWith(bare) &&
      (path.length === bare.length || path[bare.length] === '/')
    ) {
      longest = bare;
    }
  }
  return path.slice(longest.length);
}
