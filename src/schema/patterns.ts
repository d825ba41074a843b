/**
 * Regular expressions of contracts, run so that no text can make them run away.
 *
 * A plain expression on a short text runs in the engine of JavaScript, which is fastest. Any other runs in RE2, which
 * takes time linear in the text. What RE2 cannot express, look-around and back-references, runs under a deadline.
 */
import { createRequire } from 'node:module';
import vm from 'node:vm';

import type { RE2JS } from 're2js';

export interface CompiledPattern {
  /** Whether the text matches somewhere. False, too, when an expression under a deadline did not finish. */
  test(text: string): boolean;
}

/** Milliseconds that an expression may take which no engine can bound. */
const DEADLINE_MS = 200;
/** Steps that the backtracking engine may take at worst: a few milliseconds. */
const AFFORDABLE_STEPS = 1e6;
/** Patterns kept compiled; contracts hold tens of them, a hostile caller may bring more. */
const CACHED = 2_000;

const compiled = new Map<string, CompiledPattern | { readonly problem: string }>();

/** Compiles an ECMAScript expression; a problem instead when it is none. Cached by text. */
export function compilePattern(text: string): CompiledPattern | { readonly problem: string } {
  const known = compiled.get(text);
  if (known !== undefined) return known;

  if (compiled.size >= CACHED) compiled.clear();
  const made = compile(text);
  compiled.set(text, made);
  return made;
}

/** Whether the expression uses what only a backtracking engine can do, so that it runs under a deadline. */
export function needsDeadline(text: string): boolean {
  return 'test' in compilePattern(text) && stepsExponent(text) === null && linearTime(text) === null;
}

function compile(text: string): CompiledPattern | { readonly problem: string } {
  const native = nativePattern(text);
  if (typeof native === 'string') return { problem: native };

  const exponent = stepsExponent(text);
  let bounded: CompiledPattern | null = null;
  return {
    test(value) {
      if (exponent !== null && value.length ** exponent <= AFFORDABLE_STEPS) return native.test(value);
      bounded ??= linearTime(text) ?? underDeadline(native);
      return bounded.test(value);
    },
  };
}

/** The expression with the `u` flag as JSON Schema asks; without it where only the older grammar takes it. */
function nativePattern(text: string): RegExp | string {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    try {
      return new RegExp(text);
    } catch {
      return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    }
  }
}

/**
 * The power of the text's length that bounds the backtracking engine's steps, for expressions simple enough to tell:
 * without quantified groups, look-around and back-references. Null for all others.
 */
function stepsExponent(text: string): number | null {
  const bare = text.replace(/\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|[^])/gu, escapeKind).replace(/\[(?:\^)?[^\]]*\]/g, 'C');
  if (bare.includes('B') || /\(\?(?!:|<[A-Za-z])/.test(bare)) return null;
  if (/\)(?:[*+?]|\{\d)/.test(bare)) return null;
  // A finite repetition costs its upper end, which counts as unbounded once it is large.
  const unbounded = (bare.match(/[*+]|\{\d+,\}/g) ?? []).length;
  const large = [...bare.matchAll(/\{\d+,(\d+)\}/g)].filter(([, most]) => Number(most) > 32).length;
  const alternatives = bare.includes('|');
  const anchored = bare.startsWith('^') && !alternatives;
  return unbounded + large + (anchored ? 0 : 1);
}

/** Escapes become one plain letter; `B` marks a back-reference. */
function escapeKind(escape: string): string {
  return /^\\[1-9k]/.test(escape) ? 'B' : 'E';
}

function linearTime(text: string): CompiledPattern | null {
  try {
    const pattern = re2().compile(translate(text));
    return { test: (value) => pattern.matcher(value).find() };
  } catch {
    return null;
  }
}

/** RE2 spells a few things otherwise, and its `\s` and `.` know only ASCII. */
function translate(text: string): string {
  const spaces =
    '\\t\\n\\x0B\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}';
  let inClass = false;
  const spelled = text.replace(
    /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|([^]))|[[\].]/gu,
    (whole, long, short, escaped) => {
      if (long !== undefined || short !== undefined) return `\\x{${long ?? short}}`;
      if (escaped === 's') return inClass ? spaces : `[${spaces}]`;
      if (escaped === 'S' && !inClass) return `[^${spaces}]`;
      if (escaped === '/' || escaped === '-') return inClass ? whole : escaped;
      if (whole === '[' && !inClass) inClass = true;
      else if (whole === ']') inClass = false;
      else if (whole === '.' && !inClass) return '[^\\n\\r\\x{2028}\\x{2029}]';
      return whole;
    },
  );
  return re2().translateRegExp(spelled);
}

/** Loaded when first needed: most contracts hold only plain expressions. */
function re2(): typeof RE2JS {
  if (loaded === undefined) {
    const module: { readonly RE2JS: typeof RE2JS } = createRequire(import.meta.url)('re2js');
    loaded = module.RE2JS;
  }
  return loaded;
}
let loaded: typeof RE2JS | undefined;

/** The only way to stop the backtracking engine is to run it in a context with a time limit. */
function underDeadline(pattern: RegExp): CompiledPattern {
  const context = vm.createContext(Object.create(null));
  context['pattern'] = pattern;
  const script = new vm.Script('pattern.test(text)');
  return {
    test(text) {
      context['text'] = text;
      try {
        return script.runInContext(context, { timeout: DEADLINE_MS }) === true;
      } catch {
        return false;
      } finally {
        context['text'] = undefined;
      }
    },
  };
}
