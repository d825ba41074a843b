/**
 * Credentials in the lists of a HAR that stand beside the headers: `cookies`, `queryString` and the fields of a form. Some
 * recorders write them there only, and an entry that is passed over holds secrets like any other.
 */
import { credentialsOf, isTelling, type Credential } from '../../transport/credentials.ts';
import { isSecretParameter } from './secret-members.ts';

/** @returns none for what is no HAR */
export function harCredentials(text: string): readonly Credential[] {
  let root: unknown;
  try {
    root = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    return [];
  }
  const entries = at(at(root, 'log'), 'entries');
  return listOf(entries).flatMap((entry) =>
    [at(entry, 'request'), at(entry, 'response')].flatMap((message) => [
      ...credentialsOf(pairsOf(at(message, 'headers'))),
      ...credentialsOf(pairsOf(at(message, 'cookies')).map(([name, value]) => ['Cookie', `${name}=${value}`])),
      ...secretsOf(pairsOf(at(message, 'queryString'))),
      ...secretsOf(pairsOf(at(at(message, 'postData'), 'params'))),
    ]),
  );
}

function secretsOf(pairs: readonly (readonly [string, string])[]): readonly Credential[] {
  const names = new Set(pairs.map(([name]) => name.toLowerCase()));
  return pairs
    .filter(([name, value]) => isSecretParameter(name, value, names) && isTelling(value))
    .map(([name, value]) => ({ name, value }));
}

function pairsOf(list: unknown): readonly (readonly [string, string])[] {
  return listOf(list).flatMap((item): (readonly [string, string])[] => {
    const [name, value] = [at(item, 'name'), at(item, 'value')];
    return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
