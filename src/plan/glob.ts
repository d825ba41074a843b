/** Globs over case ids, matched in linear time: `*` stays within a segment, `**` crosses them, `?` is one character. */

export interface Glob {
  readonly pattern: string;
  matches(id: string): boolean;
}

/** What the pattern lets through at one place. `many`: any run of characters, `deep`: `/` among them. */
type Token = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'one' | 'many' | 'deep' };

/** Ids and patterns beyond this are no names of cases; the matcher is O(pattern x id). */
const MAX_PATTERN = 1_000;

/**
 * Reads a pattern. One without wildcard matches the id and all ids below it; one without `/` besides, ids that have it as
 * a segment: a resource, a method, the name of a case.
 *
 * @returns the glob, or one sentence that says what is wrong with the pattern
 */
export function parseGlob(pattern: string): Glob | string {
  if (pattern === '') return 'the pattern is empty';
  if (pattern.length > MAX_PATTERN) return `the pattern is longer than ${MAX_PATTERN} characters`;
  const special = /[[\]{}!\\]/.exec(pattern);
  if (special !== null) {
    return `\`${special[0]}\` at character ${special.index + 1} has no meaning in a pattern; \`*\`, \`**\` and \`?\` have`;
  }
  if (/\*{3,}/.test(pattern)) return 'three asterisks in a row; `**` already crosses every segment';

  if (!/[*?/]/.test(pattern)) return { pattern, matches: (id) => id.split('/').includes(pattern) };
  if (!/[*?]/.test(pattern)) return { pattern, matches: (id) => id === pattern || id.startsWith(`${pattern}/`) };

  const tokens = tokenise(pattern);
  return { pattern, matches: (id) => matchTokens(tokens, id) };
}

function tokenise(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const part of pattern.match(/\*\*|\*|\?|[^*?]+/g) ?? []) {
    if (part === '**') tokens.push({ kind: 'deep' });
    else if (part === '*') tokens.push({ kind: 'many' });
    else if (part === '?') tokens.push({ kind: 'one' });
    else tokens.push({ kind: 'text', text: part });
  }
  return tokens;
}

/** All positions of the id that the tokens so far can reach, token by token: no backtracking, so no bad case. */
function matchTokens(tokens: readonly Token[], id: string): boolean {
  let reached = new Uint8Array(id.length + 1);
  reached[0] = 1;
  for (const token of tokens) {
    const next = new Uint8Array(id.length + 1);
    let carried = false;
    for (let at = 0; at <= id.length; at += 1) {
      if (token.kind === 'text') {
        if (reached[at] === 1 && id.startsWith(token.text, at)) next[at + token.text.length] = 1;
      } else if (token.kind === 'one') {
        if (reached[at] === 1 && at < id.length && id[at] !== '/') next[at + 1] = 1;
      } else {
        carried ||= reached[at] === 1;
        if (carried) next[at] = 1;
        if (token.kind === 'many' && id[at] === '/') carried = false;
      }
    }
    reached = next;
  }
  return reached[id.length] === 1;
}
