/**
 * Requests of which the checks of the contract have told everything: most cases of a long file. They need no judge, who
 * costs more than reading them did.
 */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { locate } from '../schema/refs.ts';
import { branchesOf, keywordOf, memberSchema, partsOf, typesOf } from '../schema/shape.ts';

export class PlainEntities {
  readonly #contract: Contract;
  /** Member -> whether a value of it that is no list and no record is worth no word. */
  readonly #members = new Map<string, boolean>();

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  /** True only where the judge would be silent, as far as the contract without errors can tell. */
  needsNoJudge(spec: CaseSpec, operation: Operation): boolean {
    const { headers, params, criteria, fields, metadataFields, pagingFields, tunnel, protocol } = spec;
    if (headers.size > 0 || tunnel || protocol !== null || criteria !== undefined || Object.keys(params).length > 0)
      return false;
    if (fields !== undefined || metadataFields !== undefined || pagingFields !== undefined) return false;
    if (typeof spec.key === 'string' || (spec.ids?.length ?? 0) > MOST_IDS || typeof spec.key === 'object')
      return false;

    const entities = [spec.entity, ...(spec.elements ?? []), ...(spec.entities ?? []).map(({ entity }) => entity)];
    const patches = [spec.patch, ...(spec.entities ?? []).map(({ patch }) => patch)];
    const sent = [...entities, ...patches].some((value) => value !== undefined);
    if (sent && (operation.request.body !== null || operation.request.entity !== this.#contract.entity)) return false;
    return (
      entities.every((entity) => entity === undefined || this.#isPlain(entity)) &&
      patches.every((patch) => patch === undefined || this.#isPlainPatch(patch))
    );
  }

  #isPlainPatch(patch: Json): boolean {
    if (!isJsonObject(patch)) return false;
    return Object.entries(patch).every(([command, operand]) => {
      if (command === '$set') return this.#isPlain(operand);
      return (
        command === '$delete' &&
        isJsonArray(operand) &&
        operand.every((name) => typeof name === 'string' && this.#knows(name))
      );
    });
  }

  #isPlain(entity: Json): boolean {
    if (!isJsonObject(entity)) return false;
    for (const name in entity) {
      const value = entity[name];
      if ((typeof value === 'object' && value !== null) || !this.#knows(name)) return false;
    }
    return true;
  }

  #knows(name: string): boolean {
    let known = this.#members.get(name);
    if (known === undefined) {
      known = this.#isKnown(name);
      this.#members.set(name, known);
    }
    return known;
  }

  #isKnown(name: string): boolean {
    const { entity, readOnly, createOnly } = this.#contract;
    if (entity === null || [...readOnly, ...createOnly].some(([head]) => head === name)) return false;
    const member = memberSchema(partsOf(locate(entity), entity.scope), name);
    if (member === null) return false;
    const parts = partsOf(member, entity.scope);
    return typesOf(parts) !== null && branchesOf(parts).length === 0 && keywordOf(parts, 'deprecated') === undefined;
  }
}

/** Far below what any limit of a URL allows. */
const MOST_IDS = 50;
