/**
 * Which members, pairs and parameters of a recording are secret by what names them. A draft is kept and passed on, so more
 * is taken out of it than a report masks. Pure.
 */
import { isJsonObject, type Json } from '../../protocol/json.ts';
import { isTelling } from '../../transport/credentials.ts';
import { isSecretField } from '../../transport/secret-names.ts';

/** Names that other APIs use for what is none: there they name numbers and flags, so only texts are secret. */
const SECRET_TEXTS: ReadonlySet<string> = new Set(['pass', 'x-pass', 'x_pass']);

export function isSecretMember(name: string, value: Json | undefined): boolean {
  if (name === '') return false;
  return isSecretField(name) || (SECRET_TEXTS.has(name.toLowerCase()) && typeof value !== 'number');
}

const PAIR_NAMES = ['name', 'key', 'id', 'field', 'header', 'parameter', 'property', 'type', 'Name', 'Key'] as const;
const PAIR_VALUES: ReadonlySet<string> = new Set(['value', 'values', 'val', 'v', 'Value']);

/** `password` of `{ name: password, value: x }`; null if the record names no secret. */
export function secretPairOf(value: Json): string | null {
  if (!isJsonObject(value) || !Object.keys(value).some((member) => PAIR_VALUES.has(member))) return null;
  for (const member of PAIR_NAMES) {
    const name = Object.hasOwn(value, member) ? value[member] : undefined;
    if (typeof name === 'string' && isSecretMember(name, '')) return name;
  }
  return null;
}

/** Whether the member of a record that `secretPairOf` names holds the secret. */
export function isPairValue(member: string): boolean {
  return PAIR_VALUES.has(member);
}

/** Parameters whose names are used for secrets and for harmless things: which it is, their value or the others tell. */
const PARAMETERS: ReadonlyMap<string, (value: string, names: ReadonlySet<string>) => boolean> = new Map([
  // Of OAuth: never sent without one of the others, and never a word.
  ['code', (value, names) => names.has('state') || names.has('redirect_uri') || isRandom(value)],
  // Of CAS; `ST-1856339-aA5Yuvrxzpv8Tau1cYQ7`.
  ['ticket', (value) => /^(?:ST|PT|PGT|TGT)-/.test(value) || isRandom(value)],
  ['sas', (value) => isTelling(value)],
]);

/**
 * @param names - all names of the query or form in which the parameter stands
 */
export function isSecretParameter(name: string, value: string, names: ReadonlySet<string>): boolean {
  return isSecretMember(name, value) || PARAMETERS.get(name.toLowerCase())?.(value, names) === true;
}

/** Whether there is a value with which the name names a secret; the schemes of credentials are such names. */
export function mayBeSecret(name: string): boolean {
  return isSecretMember(name, '') || PARAMETERS.has(name.toLowerCase()) || /^(?:token|apikey|negotiate)$/i.test(name);
}

/** Whether a text is made by chance: letters of both cases and digits take turns more often than words let them. */
function isRandom(value: string): boolean {
  if (value.length < 16 || !/^[\w.~+/=-]+$/.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const turns = value.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return turns * 5 >= value.length;
}
