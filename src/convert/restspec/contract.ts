/** One resource of an interface description as the source of a contract. */
import { jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { NamedType } from '../data-schema.ts';
import { problem } from '../problem.ts';
import { deprecationOf, docOf } from './documentation.ts';
import { members } from './members.ts';
import { OperationsReader } from './operations.ts';
import { keysOf } from './keys.ts';
import type { ResourceSpec } from './resource.ts';
import { errorsOf } from './responses.ts';
import type { ContractTypes } from './types.ts';

/**
 * The contract, or null when the resource has none: nothing to promise, or nothing that a contract can say. The
 * reason is noted. Throws `Unreadable` where the description is broken.
 */
export function contractOf(spec: ResourceSpec, types: ContractTypes, declared: NamedType[]): JsonObject | null {
  const { node, facet, name, kind } = spec;
  if (spec.isUnstructured) {
    types.note(
      problem(
        'warning',
        'unstructured',
        `\`${name}\` serves unstructured data, which is streamed and no JSON; it has no contract`,
        node.at,
        'test it with a tool for HTTP bodies',
      ),
    );
    return null;
  }
  for (const alternative of facet.get('alternativeKeys')?.items() ?? []) {
    const key = alternative.need('name').text();
    const type = alternative.need('type').text();
    types.note(
      problem(
        'warning',
        'alternative-key',
        `\`${name}\` can be reached by the alternative key \`${key}\` of type ${type} (\`altkey=${key}\`), which a contract has no form for`,
        alternative.at,
        'write such requests with `raw`',
      ),
    );
  }
  noteEntityPath(spec, types);

  const operations = new OperationsReader(spec, types, declared).read();
  if (operations.size === 0) {
    types.note(problem('warning', 'no-methods', `\`${name}\` serves no method, so it has no contract`, node.at, null));
    return null;
  }
  const keys = keysOf(spec, types);
  if (keys === null) return null;

  const errors = errorsOf(facet, types, declared);
  return members([
    ['contract', 1],
    ['resource', name],
    ['doc', docOf(node)],
    ['deprecated', deprecationOf(node)],
    ['path', spec.path === `/${name}` ? undefined : spec.path],
    ['kind', kind === 'collection' ? undefined : kind],
    ['key', keys.key],
    ['parents', keys.parents],
    ['exempt', keys.exempt],
    ['entity', entityOf(spec, types)],
    ['readOnly', pathsOf(spec, 'readOnly', types)],
    ['createOnly', pathsOf(spec, 'createOnly', types)],
    ['errors', errors],
    ['types', types.entries()],
    // `GET:` alone is the whole promise of GET.
    [
      'methods',
      jsonObject(
        [...operations].map(([method, said]): [string, Json] => [method, Object.keys(said).length === 0 ? null : said]),
      ),
    ],
  ]);
}

/** A contract puts the key behind the path of its resource, as Rest.li does. */
function noteEntityPath({ facet, kind, key, path, name }: ResourceSpec, types: ContractTypes): void {
  const written = facet.get('entity')?.get('path') ?? null;
  const ours = key === null ? path : `${path}/{${key.variable}}`;
  if (kind === 'actionsSet' || written === null || nameless(written.text()) === nameless(ours)) return;

  const message = `the entities of \`${name}\` stand at ${written.text()}, a contract puts them at ${ours}`;
  types.note(problem('warning', 'entity-path', message, written.at, 'write such requests with `raw`'));
}

/** Variables may be called anything. */
function nameless(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}');
}

/** What the resource holds: by name if something else names it too, else straight from its file. */
function entityOf({ entity, kind, name, node }: ResourceSpec, types: ContractTypes): Json | undefined {
  if (kind === 'actionsSet') {
    if (entity !== null)
      types.note(
        problem(
          'warning',
          'entity',
          `\`${name}\` is an actions set and holds nothing; its \`schema\` is left out`,
          node.at,
          'drop it',
        ),
      );
    return undefined;
  }
  if (entity === null) {
    types.note(
      problem(
        'warning',
        'entity',
        `the description does not say what \`${name}\` holds; any object is accepted`,
        node.at,
        'name its record in `schema`',
      ),
    );
    return { type: 'object' };
  }
  if (entity.kind !== 'named') return types.written(entity);
  const full = types.library.find(entity.name)?.name ?? entity.name;
  if (types.uses(full)) return types.shortName(full);
  return types.direct(entity);
}

function pathsOf(
  { node, name }: ResourceSpec,
  annotation: 'readOnly' | 'createOnly',
  types: ContractTypes,
): readonly string[] | undefined {
  const paths = (node.get('annotations')?.get(annotation)?.get('value')?.items() ?? []).map((item) => ({
    path: item.text().replace(/^\//, ''),
    at: item.at,
  }));
  const kept = paths.filter(({ path, at }) => {
    if (path === '') {
      types.note(problem('warning', 'empty-path', `an empty path of ${annotation} names nothing`, at, 'drop it'));
      return false;
    }
    const isWritable = !path.split('/').includes('*');
    if (!isWritable)
      types.note(
        problem(
          'warning',
          'wildcard-path',
          `\`${path}\` of ${annotation} reaches into the items of a list or map of \`${name}\`, which no path of a contract does`,
          at,
          'cover it with a case',
        ),
      );
    return isWritable;
  });
  return kept.length === 0 ? undefined : [...new Set(kept.map(({ path }) => path))];
}
