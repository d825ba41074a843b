/**
 * Templates of the mock: `${key}`, `${params.x}`, `${parents.x}`, `${entity.x}`, `${now}`, `${now.iso}`, `${count}`.
 *
 * A text that is one `${name}` keeps the type of the value; elsewhere the value becomes text. `$${` is a literal `${`.
 */
import { isJsonArray, isJsonObject, jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { keyText, type Key } from '../protocol/keys.ts';
import { valueAt } from '../protocol/pointer.ts';

/** What the names of a template stand for. `nowMs`: epoch milliseconds. `count` is asked for only if the name occurs. */
export interface TemplateScope {
  readonly key: Key | null;
  readonly params: JsonObject;
  readonly parents: ReadonlyMap<string, Key>;
  readonly entity: JsonObject | null;
  readonly nowMs: number;
  count(): number;
}

/**
 * Fills a template. A name that stands for nothing leaves its member or item out; inside a longer text it is empty.
 *
 * @returns undefined when the whole template is one name that stands for nothing
 */
export function fillTemplate(template: Json, scope: TemplateScope): Json | undefined {
  if (typeof template === 'string') return fillText(template, scope);
  if (isJsonArray(template)) {
    return template.map((item) => fillTemplate(item, scope)).filter((item) => item !== undefined);
  }
  if (isJsonObject(template)) return fillMembers(template, scope);
  return template;
}

/** The same for a template that is a record. */
export function fillMembers(template: JsonObject, scope: TemplateScope): JsonObject {
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(template)) {
    const value = fillTemplate(member, scope);
    if (value !== undefined) members.push([name, value]);
  }
  return jsonObject(members);
}

const WHOLE = /^\$\{([^{}]+)\}$/;
const NAMES = /\$\$\{|\$\{([^{}]+)\}/g;

function fillText(text: string, scope: TemplateScope): Json | undefined {
  if (!text.includes('${')) return text;
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, scope);

  return text.replace(NAMES, (literal: string, name: string | undefined) =>
    name === undefined ? literal.slice(1) : textOf(lookUp(name, scope)),
  );
}

function lookUp(name: string, scope: TemplateScope): Json | undefined {
  const [head = '', ...path] = name.trim().split(/[./]/);
  switch (head) {
    case 'key':
      return scope.key === null ? undefined : valueAt(scope.key, path);
    case 'params':
      return valueAt(scope.params, path);
    case 'parents':
      return valueAt(jsonObject(scope.parents), path);
    case 'entity':
      return scope.entity === null ? undefined : valueAt(scope.entity, path);
    case 'now':
      return path[0] === 'iso' ? new Date(scope.nowMs).toISOString() : scope.nowMs;
    case 'count':
      return scope.count();
    default:
      return undefined;
  }
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (isJsonArray(value)) return stringifyJson(value);
  return keyText(value);
}
