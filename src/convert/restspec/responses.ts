/** Success statuses and declared service errors. */
import { profileOf, type MethodName } from '../../protocol/methods.ts';
import { jsonObject, stringifyJson, type Json, type JsonObject } from '../../protocol/json.ts';
import type { NamedType } from '../data-schema.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import { members } from './members.ts';
import { typeOfText } from './resource.ts';
import type { ContractTypes } from './types.ts';

/** The success statuses where they differ from the method's own. */
export function successOf(node: JsonNode, method: MethodName, types: ContractTypes): Json | undefined {
  const statuses = [...new Set((node.get('success')?.items() ?? []).flatMap((item) => successAt(item, types)))];
  const { ok } = profileOf(method);
  if (statuses.length === 0 || (statuses.length === ok.length && statuses.every((status) => ok.includes(status))))
    return undefined;
  return statuses.length === 1 ? (statuses[0] ?? 200) : statuses;
}

function successAt(item: JsonNode, types: ContractTypes): readonly number[] {
  const status = item.integer();
  if (status >= 200 && status < 400) return [status];

  const message = `${status} is no status of success; it is left out`;
  types.note(problem('warning', 'success-status', message, item.at, 'write a status from 200 to 399'));
  return [];
}

/** Status -> the error, or the errors where there are several; undefined when none is declared. */
export function errorsOf(node: JsonNode, types: ContractTypes, declared: NamedType[]): JsonObject | undefined {
  const byStatus = new Map<string, JsonObject[]>();
  for (const error of node.get('serviceErrors')?.items() ?? []) {
    const status = error.need('status').integer();
    if (status < 400 || status > 599) {
      types.note(
        problem(
          'warning',
          'error-status',
          `${status} is no status of an error; \`${error.get('code')?.text() ?? 'the error'}\` is left out`,
          error.at,
          'write a status from 400 to 599',
        ),
      );
      continue;
    }
    const detail = error.get('errorDetailType');
    const parameters =
      error
        .get('parameters')
        ?.items()
        .map((item) => item.text()) ?? [];
    const written = members([
      ['code', textAt(error, 'code')],
      ['message', textAt(error, 'message')],
      ['details', detail === null ? undefined : types.written(typeOfText(detail, declared))],
      ['params', parameters.length === 0 ? undefined : parameters],
    ]);
    const known = byStatus.get(String(status)) ?? [];
    if (!known.some((other) => stringifyJson(other) === stringifyJson(written))) known.push(written);
    byStatus.set(String(status), known);
  }
  if (byStatus.size === 0) return undefined;
  return jsonObject(
    [...byStatus].map(([status, errors]): [string, Json] => [status, errors.length === 1 ? (errors[0] ?? {}) : errors]),
  );
}

/** Blank texts say nothing. */
function textAt(node: JsonNode, name: string): string | undefined {
  const text = node.get(name)?.text();
  return text === undefined || text.trim() === '' ? undefined : text;
}
