/**
 * Text of a contract or config as code frames may show it: the lines around a fault leave this machine with the report,
 * and one of them may hold a secret. Lengths and lines stay, so that places do.
 */
import { maskSecrets } from '../contract/secrets.ts';
import { isSecretField, isSecretHeader, SECRET_NAME_MARKS } from '../transport/secret-names.ts';

const MARKS = new RegExp(SECRET_NAME_MARKS, 'i');
/** `name: value` and `"name": "value"`, on one line, where the value is a scalar. */
const MEMBER =
  /(?<quote>["']?)(?<name>[A-Za-z_][\w-]*)\k<quote>(?<colon>\s*:[ \t]+|":\s*)(?<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,{}[\]#"'&*!|>][^,{}[\]\n#]*)/g;
/** What stands for a value elsewhere, or is the type of one. */
const NO_VALUE = /\$\{|^["']?(?:string|int|long|float|double|boolean|bytes|urn[\w:]*|true|false|null|\[\]|)["']?$/;

export function frameText(text: string): string {
  const masked = maskSecrets(text);
  if (!MARKS.test(masked)) return masked;
  let shown = '';
  let at = 0;
  for (const { index, 0: whole, groups: { name = '', value = '' } = {} } of masked.matchAll(MEMBER)) {
    if (!(isSecretField(name) || isSecretHeader(name)) || NO_VALUE.test(value.trim())) continue;
    const start = index + whole.length - value.length;
    const { length } = value.trimEnd();
    shown += masked.slice(at, start) + '*'.repeat(length);
    at = start + length;
  }
  return shown + masked.slice(at);
}
