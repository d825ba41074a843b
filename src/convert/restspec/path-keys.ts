/** Parts of an association's key that stand in the path of a list: the assoc keys of a finder. */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import type { ResourceSpec } from './resource.ts';

type Note = (found: Diagnostic) => void;

/** The parts, or undefined where there are none that a contract could name; the reason is noted. */
export function pathKeys(node: JsonNode, spec: ResourceSpec, note: Note): readonly string[] | undefined {
  const names = pathKeysOf(node);
  if (names.length === 0) return undefined;
  const parts = partsOf(spec);
  if (names.every((name) => parts.includes(name))) return names;

  const why =
    parts.length === 0
      ? 'the resource is no association, so they can only be keys of its parents, which stand in the path anyway'
      : 'not all of them are parts of its key';
  const message = `\`${nameOf(node)}\` has the path keys ${names.join(', ')}, which are left out: ${why}`;
  note(
    problem('warning', 'assoc-keys', message, node.at, 'write the case with `raw: { path: … }` if clients send it so'),
  );
  return undefined;
}

/** Whether a finder stands at the path of one entity: its path keys are the whole key. Noted, for it has no form. */
export function isAtEntity(node: JsonNode, spec: ResourceSpec, note: Note): boolean {
  const [names, parts] = [pathKeysOf(node), partsOf(spec)];
  if (parts.length === 0 || !parts.every((part) => names.includes(part))) return false;

  const message = `\`${nameOf(node)}\` has all parts of the key in its path, which a contract has no form for in a list; it is left out`;
  note(problem('warning', 'assoc-keys', message, node.at, 'take one part out of the path, or test it by hand'));
  return true;
}

function pathKeysOf(node: JsonNode): readonly string[] {
  const one = node.get('assocKey');
  const nodes = node.get('assocKeys')?.items() ?? (one === null ? [] : [one]);
  return nodes.map((item) => item.text());
}

function partsOf({ key }: ResourceSpec): readonly string[] {
  return key?.kind === 'compound' ? key.parts.map(([name]) => name) : [];
}

function nameOf(node: JsonNode): string {
  return node.get('name')?.text() ?? '';
}
