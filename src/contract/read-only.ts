/** Members that a schema itself marks `readOnly: true`. */
import { isJsonObject } from '../protocol/json.ts';
import { child, locate, resolveFully, type Located } from '../schema/refs.ts';
import { subschemas } from '../schema/keywords.ts';
import type { Schema } from '../schema/schema.ts';
import type { ValuePath } from './contract.ts';

/** Deeper members are not reached by any path that a contract would write. */
const DEEPEST = 8;

/** Their paths, following `$ref`; members of list items are not named by a path. */
export function readOnlyPaths(schema: Schema): readonly ValuePath[] {
  const paths: ValuePath[] = [];
  collect(locate(schema), schema, [], new Set(), paths);
  return paths;
}

function collect(at: Located, schema: Schema, path: ValuePath, above: ReadonlySet<string>, paths: ValuePath[]): void {
  const here = resolveFully(at, schema.scope);
  if (here === null || !isJsonObject(here.json) || above.has(here.identity) || path.length > DEEPEST) return;

  const seen = new Set([...above, here.identity]);
  for (const { keyword, path: step, name, schema: sub } of subschemas(here.json)) {
    const next = child(here, sub, step);
    if (keyword === 'properties' && name !== null) {
      const member = [...path, name];
      if (isJsonObject(sub) && sub['readOnly'] === true) paths.push(member);
      else collect(next, schema, member, seen, paths);
    } else if (keyword === 'allOf') collect(next, schema, path, seen, paths);
  }
}
