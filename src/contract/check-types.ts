/** The types of a contract: names that exist, schemas that mean something, references that lead somewhere allowed. */
import { isJsonObject } from '../protocol/json.ts';
import { parsePointer, valueAt } from '../protocol/pointer.ts';
import { schemaLint, type SchemaLint } from '../schema/lint.ts';
import type { Checking } from './checking.ts';
import { error, warning } from './problem.ts';
import type { WrittenType } from './shape-check.ts';

export function checkTypes(checking: Checking, types: readonly WrittenType[]): void {
  const { scope } = checking.contract.typeOf('string');
  // A name is judged once for each place; the same name at a thousand places costs one lookup.
  const known = new Map<string, readonly SchemaLint[]>();
  for (const { written, pointer } of types) {
    let found = typeof written === 'string' ? known.get(written) : undefined;
    if (found === undefined) {
      found = schemaLint(written, scope);
      if (typeof written === 'string') known.set(written, found);
    }
    for (const lint of found) report(checking, written, pointer, lint);
  }
}

function report(checking: Checking, written: WrittenType['written'], pointer: string, lint: SchemaLint): void {
  const at = pointer + lint.pointer;
  const refusal = lint.code === 'schema/dangling-ref' ? refusalOf(checking, written, lint.pointer) : null;
  if (refusal !== null) {
    checking.error(refusal.code, at, refusal.message, { fix: refusal.fix, see: 'notation' });
    return;
  }
  // A field map holds the optional name; inside a schema the word does nothing.
  const make = lint.severity === 'error' ? error : warning;
  const isKeyword = lint.code === 'schema/unknown-keyword';
  checking.problems.push({
    ...make(lint.code, at, lint.message, {
      fix: lint.fix ?? null,
      see: 'notation',
      part: isKeyword ? 'name' : 'value',
    }),
    code: lint.code,
  });
}

function refusalOf(
  { around }: Checking,
  written: WrittenType['written'],
  pointer: string,
): { code: string; message: string; fix: string } | null {
  const ref = isJsonObject(written) ? valueAt(written, parsePointer(pointer) ?? []) : undefined;
  if (typeof ref !== 'string') return null;
  return around.refused.get(ref.split('#')[0] ?? '') ?? null;
}
