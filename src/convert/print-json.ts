/** JSON as a person lays it out: what fits on a line stands on one. */
import { isJsonArray, isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';

/** Columns of a line; the width that the project's files are formatted to. */
const WIDTH = 120;

/** The text of a file, with its last line end. */
export function printJson(value: Json): string {
  return `${print(value, 0, 0)}\n`;
}

function print(value: Json, indent: number, used: number): string {
  const items = isJsonArray(value)
    ? value.map((item) => ['', item] as const)
    : isJsonObject(value)
      ? Object.entries(value).map(([name, item]) => [`${JSON.stringify(name)}: `, item] as const)
      : null;
  if (items === null) return stringifyJson(value);

  const [open, close] = isJsonArray(value) ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return open + close;
  const line = oneLine(value, WIDTH - indent - used - 1);
  if (line !== null && indent > 0) return line;
  const margin = ' '.repeat(indent + 2);
  const lines = items.map(([name, item]) => `${margin}${name}${print(item, indent + 2, name.length)}`);
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

/** The value on one line; null when it is longer than that. */
function oneLine(value: Json, room: number): string | null {
  if (room < 0) return null;
  if (!isJsonArray(value) && !isJsonObject(value)) {
    const text = stringifyJson(value);
    return text.length > room ? null : text;
  }
  const isList = isJsonArray(value);
  const parts: string[] = [];
  let left = room - 4;
  for (const [name, item] of isList ? value.map((entry) => ['', entry] as const) : Object.entries(value)) {
    const label = isList ? '' : `${JSON.stringify(name)}: `;
    const text = item === undefined ? null : oneLine(item, left - label.length);
    if (text === null) return null;
    parts.push(label + text);
    left -= label.length + text.length + 2;
  }
  if (left < -2) return null;
  if (parts.length === 0) return isList ? '[]' : '{}';
  return isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}
