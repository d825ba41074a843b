/** `.restspec.json` as a flat list of resources, each with its kind, its keys and the keys above it. */
import { RESOURCE_KIND_NAMES, RESOURCE_KINDS } from '../../protocol/resources.ts';
import type { ResourceKind } from '../../protocol/methods.ts';
import { parseJson } from '../../protocol/json.ts';
import type { DataType, NamedType } from '../data-schema.ts';
import { nodeWithin, type JsonNode } from '../json-text.ts';
import { readType } from '../pdsc.ts';

/** The key of a resource as its interface description tells it; types of complex keys are names of records. */
export type KeySpec =
  | { readonly kind: 'simple'; readonly variable: string; readonly type: DataType }
  | {
      readonly kind: 'compound';
      readonly variable: string;
      readonly parts: readonly (readonly [name: string, type: DataType])[];
    }
  | { readonly kind: 'complex'; readonly variable: string; readonly key: DataType; readonly params: DataType };

export interface ResourceSpec {
  /** `photos`, or `parent.child`. */
  readonly name: string;
  /** `/albums/{albumId}/photos` */
  readonly path: string;
  readonly kind: ResourceKind;
  /** The whole resource, and the member named after its kind. */
  readonly node: JsonNode;
  readonly facet: JsonNode;
  readonly key: KeySpec | null;
  /** Keys of the resources above, outermost first. */
  readonly parents: readonly KeySpec[];
  /** What it holds; null on actions sets and unstructured data. */
  readonly entity: DataType | null;
  readonly isUnstructured: boolean;
}

/**
 * The resource of a file with all below it, parents first. Throws `Unreadable` where the file is no interface
 * description.
 *
 * @param declared - takes the types that are declared within the file
 */
export function readResources(root: JsonNode, declared: NamedType[]): readonly ResourceSpec[] {
  const specs: ResourceSpec[] = [];
  walk(root, '', [], declared, specs);
  return specs;
}

/** A type as the description writes it: a name, or JSON text of a type. */
export function typeOfText(node: JsonNode, declared: NamedType[]): DataType {
  const text = node.text().trim();
  if (!/^[[{]/.test(text)) return readType(nodeWithin(text, node.at), '', declared);

  const parsed = parseJson(text, { maxDepth: 100 });
  if ('problem' in parsed) return node.fail(`the type is no JSON: ${parsed.problem.message}`);
  return readType(nodeWithin(parsed.value, node.at), '', declared);
}

function walk(
  node: JsonNode,
  prefix: string,
  parents: readonly KeySpec[],
  declared: NamedType[],
  specs: ResourceSpec[],
): void {
  const name = node.need('name').text();
  const { kind, facet } = facetOf(node);
  const spec: ResourceSpec = {
    name: prefix + name,
    path: node.need('path').text(),
    kind,
    node,
    facet,
    key: keyOf(kind, facet, declared),
    parents,
    entity: entityOf(node, declared),
    isUnstructured: node.get('entityType')?.text() === 'UNSTRUCTURED_DATA',
  };
  specs.push(spec);
  const above = spec.key === null ? parents : [...parents, spec.key];
  for (const child of facet.get('entity')?.get('subresources')?.items() ?? [])
    walk(child, `${spec.name}.`, above, declared, specs);
}

function facetOf(node: JsonNode): { readonly kind: ResourceKind; readonly facet: JsonNode } {
  const found: { kind: ResourceKind; facet: JsonNode }[] = [];
  for (const kind of RESOURCE_KIND_NAMES) {
    const facet = node.get(kind);
    if (facet !== null) found.push({ kind, facet });
  }
  const [first, second] = found;
  if (first === undefined)
    return node.fail(
      `\`${node.get('name')?.text() ?? 'a resource'}\` has no kind`,
      `it holds one of ${RESOURCE_KIND_NAMES.join(', ')}`,
    );
  if (second !== undefined)
    return second.facet.fail(`the resource is a ${first.kind} and a ${second.kind}`, 'keep one of them');
  first.facet.object();
  return first;
}

function keyOf(kind: ResourceKind, facet: JsonNode, declared: NamedType[]): KeySpec | null {
  if (!RESOURCE_KINDS[kind].hasKey) return null;
  const assocKeys = facet.get('assocKeys');
  if (assocKeys !== null) {
    const parts = assocKeys
      .items()
      .map((part): readonly [string, DataType] => [part.need('name').text(), typeOfText(part.need('type'), declared)]);
    parts.forEach(([name], index) => {
      if (parts.findIndex(([other]) => other === name) < index)
        assocKeys.fail(`two parts of the key are called \`${name}\``, 'rename one');
    });
    return { kind: 'compound', variable: facet.get('identifier')?.text() ?? '', parts };
  }

  const identifier = facet.need('identifier');
  const variable = identifier.need('name').text();
  const type = typeOfText(identifier.need('type'), declared);
  const params = identifier.get('params');
  return params === null
    ? { kind: 'simple', variable, type }
    : { kind: 'complex', variable, key: type, params: typeOfText(params, declared) };
}

function entityOf(node: JsonNode, declared: NamedType[]): DataType | null {
  const schema = node.get('schema');
  return schema === null ? null : typeOfText(schema, declared);
}
