/** Where in a case that stands which a judge found in its request. */
import type { CaseSpec, Contract } from '../contract/contract.ts';
import { isSameHeader } from '../protocol/headers.ts';
import { stringifyJson, type Json } from '../protocol/json.ts';
import { keyText } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import { escapeSegment, formatPointer, parsePointer } from '../protocol/pointer.ts';
import { wireKey } from '../plan/wire-values.ts';
import type { Violation } from '../verify/violation.ts';

/** JSON Pointer into the contract file; the name of the method where nothing nearer is known. */
export function placeInCase(violation: Violation, spec: CaseSpec, contract: Contract): string {
  const fallback = `${spec.pointer}/method`;
  if (violation.rule === 'deprecated/operation') {
    const { parameter, named } = profileOf(spec.method);
    return named ? `${spec.pointer}/${parameter}` : fallback;
  }
  if (violation.where === 'request-header') {
    const name = [...spec.headers.keys()].find((one) => isSameHeader(one, violation.header ?? ''));
    return name === undefined ? fallback : `${spec.pointer}/headers/${escapeSegment(name)}`;
  }
  if (violation.where === 'request-body') return placeInBody(violation.pointer ?? '', spec, contract) ?? fallback;
  const said = `${violation.message} ${violation.actual} ${violation.expected}`;
  const parameter = Object.keys(spec.params).find((name) => said.includes(`\`${name}\``) || said.includes(`${name}=`));
  return parameter === undefined ? fallback : `${spec.pointer}/params/${escapeSegment(parameter)}`;
}

function placeInBody(pointer: string, spec: CaseSpec, contract: Contract): string | null {
  const path = parsePointer(pointer) ?? [];
  switch (profileOf(spec.method).sends) {
    case 'entity':
      return `${spec.pointer}/entity${pointer}`;
    case 'elements':
      return spec.pointer + pointer;
    case 'params':
      return `${spec.pointer}/params${pointer}`;
    case 'patch':
      // The wrapper `patch` has the name of the member that holds it.
      return spec.pointer + pointer;
    case 'entities':
    case 'patches': {
      const [, key = '', ...rest] = path;
      const index = (spec.entities ?? []).findIndex((item) => isWritten(item.key, key, contract));
      if (index === -1) return `${spec.pointer}/entities`;
      const inside = profileOf(spec.method).sends === 'entities' ? ['entity', ...rest] : rest;
      return `${spec.pointer}/entities/${index}${formatPointer(inside)}`;
    }
    default:
      return null;
  }
}

function isWritten(key: Json, text: string, contract: Contract): boolean {
  const written = wireKey(key, contract.key);
  return keyText(written) === text || stringifyJson(key) === text;
}
