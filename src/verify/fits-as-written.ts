/**
 * Whether the keys and parameters of a request line have their declared types as they stand. Where they do, an escape
 * inside them is part of a value, however much the value looks like structure.
 */
import type { Contract, Field, Operation } from '../contract/contract.ts';
import { isElementList, type Element } from '../protocol/encoding.ts';
import { isJsonObject, memberOf } from '../protocol/json.ts';
import type { ReadRequest, Refusal } from '../protocol/request.ts';
import { locate } from '../schema/refs.ts';
import type { Schema } from '../schema/schema.ts';
import { keywordOf, partsOf, schemaAt } from '../schema/shape.ts';
import { asElement, readTyped, typeKey } from './typed.ts';

/** `name` of null: the keys in the path. Answered null where nobody declares a type. */
export type Fits = (name: string | null) => boolean | null;

/** @param contract - of the path, `operation` of what the request reaches; null where it reaches none */
export function fitsAsWritten(
  read: ReadRequest | Refusal,
  contract: Contract | null,
  operation: Operation | null,
): Fits {
  if ('reason' in read) return (name) => (isAtFault(read, name) ? false : null);
  return (name) => {
    if (contract === null) return null;
    if (name === null) return keysFit(read, contract);
    if (name === 'ids') return idsFit(read, contract);

    const element = read.query.get(name);
    if (element === undefined || operation === null) return null;
    if (name === operation.batchParam && operation.criteria.size > 0) return criteriaFit(operation, element);
    const field = operation.params.get(name);
    return field === undefined ? null : fieldFits(field, element);
  };
}

function isAtFault({ at }: Refusal, name: string | null): boolean {
  return name === null ? at.part === 'path' : at.part === 'query' && (at.name === undefined || at.name === name);
}

function keysFit(read: ReadRequest, contract: Contract): boolean {
  const parents = [...read.parents].map(([name, key]) => [contract.parents.get(name), key] as const);
  return [[contract.key, read.key] as const, [contract.key, read.partialKey] as const, ...parents].every(
    ([type, key]) =>
      type === null ||
      type === undefined ||
      key === null ||
      typeKey(type, key).problems.every(({ kind }) => kind === 'part' && key === read.partialKey),
  );
}

function idsFit({ ids, idProblems }: ReadRequest, { key: type }: Contract): boolean {
  if (ids === null || type === null || idProblems.length > 0) return false;
  return ids.every((id) => {
    if (typeKey(type, id).problems.length > 0) return false;
    const [only = null] = type.shape.kind === 'simple' ? type.parts.values() : [];
    if (!isJsonObject(id)) return only === null || !holdsGluedUrns(only, asElement(id));
    return [...type.parts].every(([name, part]) => !holdsGluedUrns(part, asElement(memberOf(id, name) ?? '')));
  });
}

function criteriaFit({ criteria }: Operation, element: Element): boolean {
  return (
    isElementList(element) &&
    element.every(
      (one) =>
        typeof one === 'object' &&
        !isElementList(one) &&
        Object.entries(one).every(([name, value]) => {
          const field = criteria.get(name);
          return field === undefined || fieldFits(field, value);
        }),
    )
  );
}

function fieldFits(field: Field, element: Element): boolean {
  if (typeof field.type === 'boolean') return true;
  return readTyped(field, element).problems.length === 0 && !holdsGluedUrns(field.type, element);
}

/** URNs with an escaped comma between them begin as a URN does, and are none: commas stand in parentheses there. */
function holdsGluedUrns(schema: Schema, element: Element): boolean {
  return leavesOf(element).some(({ path, text }) => /^urn:/i.test(text) && isGlued(text) && isUrn(schema, path));
}

function isGlued(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1;
    else if (text[i] === ')') depth -= 1;
    else if (depth === 0 && text[i] === ',' && /^, *urn:/i.test(text.slice(i))) return true;
  }
  return false;
}

function isUrn(schema: Schema, path: readonly string[]): boolean {
  const type = schemaAt(schema, path);
  const pattern = type === null ? undefined : keywordOf(partsOf(locate(type), type.scope), 'pattern');
  return typeof pattern === 'string' && pattern.startsWith('^urn:');
}

interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

function leavesOf(element: Element, path: readonly string[] = []): readonly Leaf[] {
  if (typeof element === 'string') return [{ path, text: element }];
  const members: readonly (readonly [string, Element])[] = isElementList(element)
    ? element.map((item, index) => [String(index), item])
    : Object.entries(element);
  return members.flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}
