/**
 * Holds a written value against a shape: every problem with its place, and the value without what was wrong, so that
 * the checks that follow can speak about the rest.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { checkMatcherSyntax } from './matcher-syntax.ts';
import { error, type Problem } from './problem.ts';
import { typeOfJson, type ChoiceNode, type ListNode, type MapNode, type ObjectNode } from './shape.ts';
import type { Shape, TypeNode } from './shape.ts';
import { tellBadName, tellForgottenName, tellUnknownName } from './shape-names.ts';
import { Spot, type WrittenText } from './shape-spot.ts';
import { checkConstant, checkInteger, checkJsonKind, checkText, checkWord, readsAsText } from './shape-values.ts';

export interface Checked<T> {
  /** Without members that do not fit; a list keeps null where an item did not, so that indexes stay. Undefined: nothing fits. */
  readonly value: T | undefined;
  /** The same as plain JSON. */
  readonly json: Json | undefined;
  readonly problems: readonly Problem[];
  /** Every type that stands in the value, with its place. */
  readonly types: readonly WrittenType[];
}

export interface WrittenType {
  readonly written: string | JsonObject;
  readonly pointer: string;
}

export function checkShape<T>(shape: Shape<T>, value: Json, written: WrittenText): Checked<T> {
  const walker = new Walker(written);
  const kept = walker.walk(shape, value);
  return {
    value: kept === undefined ? undefined : asShaped(shape, kept),
    json: kept,
    problems: walker.spot.problems,
    types: walker.types,
  };
}

/** What a shape let through, under the type that an author writes it with. */
export function asShaped<T>(_shape: Shape<T>, value: Json): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of shapes are inferred from the shapes that were walked
  return value as T;
}

class Walker {
  readonly types: WrittenType[] = [];
  readonly spot: Spot;

  constructor(written: WrittenText) {
    this.spot = new Spot(written);
  }

  /** @returns the same value when nothing is wrong, a copy when a part was, undefined when it does not fit at all */
  walk(shape: Shape, value: Json): Json | undefined {
    switch (shape.kind) {
      case 'named':
        return this.walk(shape.shape(), value);
      case 'any':
        return value;
      case 'expected':
        return this.#expected(value);
      case 'constant':
        return checkConstant(this.spot, shape, value);
      case 'text':
        return checkText(this.spot, shape, value);
      case 'integer':
        return checkInteger(this.spot, shape, value);
      case 'word':
        return checkWord(this.spot, shape, value);
      case 'list':
        return this.#list(shape, value);
      case 'map':
        return this.#map(shape, value);
      case 'object':
        return this.#object(shape, value);
      case 'type':
        return this.#type(shape, value);
      case 'choice':
        return this.#choice(shape, value);
      default:
        return checkJsonKind(this.spot, shape.kind, value);
    }
  }

  #into(shape: Shape, value: Json, segment: string | number): Json | undefined {
    return this.spot.within(segment, () => this.walk(shape, value));
  }

  #expected(value: Json): Json | undefined {
    const { problems } = this.spot;
    const before = problems.length;
    checkMatcherSyntax(
      value,
      () => this.spot.pointer(),
      problems,
      (written, pointer) => this.types.push({ written, pointer }),
    );
    return problems.length === before ? value : undefined;
  }

  #type(shape: TypeNode, value: Json): Json | undefined {
    if (typeof value === 'boolean' && shape.orBoolean) return value;
    if (isJsonObject(value) && shape.orKey !== null && Object.hasOwn(value, '$key')) {
      return this.#parentKey(shape.orKey, value);
    }
    if (typeof value !== 'string' && !isJsonObject(value)) {
      const expected = shape.orBoolean ? 'a type, true or false' : 'a type: its name or a JSON Schema';
      return this.spot.wrongType(expected, value, 'notation');
    }
    this.types.push({ written: value, pointer: this.spot.pointer() });
    return value;
  }

  #parentKey(key: Shape, value: JsonObject): Json | undefined {
    for (const name of Object.keys(value)) {
      if (name === '$key' || name.startsWith('x-')) continue;
      this.spot.tell(
        error('unknown-member', this.spot.pointer(name), `\`${name}\` cannot stand beside \`$key\``, {
          part: 'name',
          fix: 'put key parts under `$key`',
          see: 'top-level',
        }),
      );
    }
    const parts = this.#into(key, value['$key'] ?? null, '$key');
    return parts === undefined ? undefined : { $key: parts };
  }

  #list(shape: ListNode, value: Json): Json | undefined {
    if (!isJsonArray(value)) return this.spot.wrongType('a list', value);
    if (value.length < shape.min) {
      return this.#tooFew(`${this.spot.subject()} is an empty list`, 'leave it out, or write an item');
    }

    // Objects keep their place, so that what follows can point at the others by index; a text that does not fit just goes.
    const keepsPlaces = shape.item.kind !== 'text' && shape.item.kind !== 'integer' && shape.item.kind !== 'word';
    let kept: Json[] | null = null;
    for (let index = 0; index < value.length; index++) {
      const item = value[index] ?? null;
      const result = this.#into(shape.item, item, index);
      if (result === item) continue;
      kept ??= [...value];
      kept[index] = result ?? null;
    }
    if (kept === null) return value;
    return keepsPlaces ? kept : kept.filter((item) => item !== null);
  }

  #map(shape: MapNode, value: Json): Json | undefined {
    if (tellForgottenName(this.spot, shape, value)) return undefined;
    if (!isJsonObject(value)) return this.spot.wrongType('an object', value);

    const names = Object.keys(value);
    if (names.length < shape.min) {
      return this.#tooFew(`${this.spot.subject()} is empty`, `leave it out, or write ${shape.called}`);
    }
    const kept = new Kept(value);
    for (const name of names) {
      const member = value[name] ?? null;
      const special = shape.special.get(name);
      if (special === undefined && !shape.names.test(name)) {
        tellBadName(this.spot, shape, name);
        kept.set(name, undefined);
        continue;
      }
      kept.set(name, this.#into(special ?? shape.value, member, name));
    }
    return kept.value();
  }

  #object(shape: ObjectNode, value: Json): Json | undefined {
    if (!isJsonObject(value)) {
      const expected = shape.called.includes(' ') ? `an object (${shape.called})` : 'an object';
      return this.spot.wrongType(expected, value, shape.see);
    }

    const kept = new Kept(value);
    const names = Object.keys(value);
    const before = this.spot.problems.length;
    let count = 0;
    for (const name of names) {
      const member = shape.members.get(name);
      if (member !== undefined) {
        count++;
        kept.set(name, this.#into(member.shape, value[name] ?? null, name));
      } else if (!shape.open || !name.startsWith('x-')) {
        tellUnknownName(this.spot, shape, name);
        kept.set(name, undefined);
      }
    }

    const missing = shape.needed.filter((name) => !Object.hasOwn(value, name));
    const meant = new Set(this.spot.problems.slice(before).flatMap((problem) => problem.meant));
    for (const name of missing) if (!meant.has(name)) this.#tellMissing(shape, name);
    // What was written under a wrong name is not missing.
    if (count < shape.min && this.spot.problems.length > before) return undefined;
    if (count < shape.min && missing.length === 0) {
      return this.#tooFew(`${this.spot.subject()} says nothing`, 'leave it out, or write a member', shape.see);
    }
    if (count > shape.max) {
      const message = `${this.spot.subject()} holds ${count} members; only ${shape.max} can stand there`;
      return this.spot.tell(
        error('too-many', this.spot.pointer(), message, { fix: 'keep one of them', see: shape.see }),
      );
    }
    // An object that lacks a required member cannot be looked at further.
    const pruned = kept.value();
    return shape.needed.every((name) => Object.hasOwn(pruned, name)) ? pruned : undefined;
  }

  #tellMissing(shape: ObjectNode, name: string): void {
    const doc = shape.members.get(name)?.doc ?? '';
    this.spot.tell(
      error('missing-member', this.spot.pointer(), `${shape.called} needs \`${name}\``, {
        part: 'name',
        see: shape.see,
        fix: `add \`${name}\`: ${lowerFirst(doc)}`,
      }),
    );
  }

  #tooFew(message: string, fix: string, see: string | null = null): undefined {
    return this.spot.tell(error('too-few', this.spot.pointer(), message, { fix, see }));
  }

  #choice(shape: ChoiceNode, value: Json): Json | undefined {
    const type = typeOfJson(value);
    const branch = shape.by.get(type);
    if (branch !== undefined) return this.walk(branch, value);

    const text = shape.by.get('string');
    if (type === 'number' && text?.kind === 'text' && readsAsText(this.spot, text, value))
      return checkText(this.spot, text, value);
    return this.spot.wrongType(shape.called, value, seeOf(shape));
  }
}

/** An object from which members may go or change; copied at the first change. */
class Kept {
  readonly #whole: JsonObject;
  #changed: Map<string, Json> | null = null;

  constructor(whole: JsonObject) {
    this.#whole = whole;
  }

  set(name: string, value: Json | undefined): void {
    if (value === this.#whole[name]) return;
    this.#changed ??= new Map(Object.entries(this.#whole));
    if (value === undefined) this.#changed.delete(name);
    else this.#changed.set(name, value);
  }

  value(): JsonObject {
    return this.#changed === null ? this.#whole : Object.fromEntries(this.#changed);
  }
}

function seeOf(shape: ChoiceNode): string | null {
  const branch = shape.by.get('object');
  return branch?.kind === 'object' ? branch.see : null;
}

function lowerFirst(sentence: string): string {
  const text = sentence.replace(/\.$/, '');
  return /^[A-Z][a-z ]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
