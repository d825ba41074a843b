/** Secret values of a body or text that are worth looking for wherever they stand again. Pure. */
import { isJsonArray, isJsonObject, type Json } from '../../protocol/json.ts';
import { credentialsOf, isTelling } from '../../transport/credentials.ts';
import { isPairValue, isSecretMember, secretPairOf } from './secret-members.ts';
import { DEEPEST, decoded, encodedIn, placesIn, unescaped } from './secret-texts.ts';

/** What of a value is worth looking for elsewhere: members that are secret by name, and what its texts show. */
export function* secretMembers(
  value: Json,
  name = '',
  isSecret = false,
  depth = 0,
): Generator<readonly [string, string]> {
  const known = isSecret || isSecretMember(name, value);
  if (isJsonArray(value)) for (const item of value) yield* secretMembers(item, name, known, depth);
  else if (isJsonObject(value)) {
    const pair = secretPairOf(value);
    for (const [member, item] of Object.entries(value)) {
      yield* secretsOfText(member, depth);
      if (!known && pair !== null && isPairValue(member)) yield* secretMembers(item, pair, true, depth);
      else yield* secretMembers(item, known ? name : member, known, depth);
    }
  } else if (known) {
    if (value !== null && typeof value !== 'boolean' && isTelling(String(value))) yield [name, String(value)];
  } else if (typeof value === 'string') yield* secretsOfText(value, depth);
}

/** What a text shows to be secret, and each text that encodes one. */
export function* secretsOfText(text: string, depth = 0): Generator<readonly [string, string]> {
  if (text.length < 4 || depth > DEEPEST) return;
  for (const { name, value } of placesIn(text, () => false)) {
    if (isTelling(value)) yield [name, value];
    for (const plain of [decoded(value), unescaped(value)])
      if (plain !== value && isTelling(plain)) yield [name, plain];
    yield* passwordOf(name, value);
  }
  for (const plain of new Set([decoded(text), unescaped(text)]))
    if (plain !== text) yield* secretsOfText(plain, depth + 1);
  const inner = encodedIn(text);
  if (inner === undefined) return;
  const found = [...secretMembers(inner, '', false, depth + 1)];
  if (found.length > 0 && typeof inner === 'string') yield ['encoded', text];
  yield* found;
}

/** Basic credentials show up decoded, too. */
function* passwordOf(name: string, value: string): Generator<readonly [string, string]> {
  if (name !== 'basic credentials') return;
  for (const credential of credentialsOf([['Authorization', `Basic ${value}`]])) yield [name, credential.value];
}
