/**
 * What is left out again and again, as one line for each kind: the count, and the first place. Hundreds of lines that
 * say the same hide the one that matters.
 */
import type { Diagnostic, SourceRange } from '../diagnostic/diagnostic.ts';
import { isJsonArray, isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';
import { compareText, problem } from './problem.ts';

/** One kind of thing that is left out. */
export interface LeftOut {
  /** `annotation` of `convert/annotation`. */
  readonly code: string;
  /** Begins the sentence: `` `javaMethodName` of methods ``. */
  readonly subject: string;
  /** Ends it: ` has no place: it belongs to …`. */
  readonly reason: string;
  readonly fix: string | null;
}

interface Counted extends LeftOut {
  readonly at: SourceRange;
  /** Places already counted: includes and second runs come by again. */
  readonly places: Set<string>;
  /** The value, as long as all are alike. */
  value: Json | undefined;
}

export class Tally {
  readonly #kinds = new Map<string, Counted>();

  add(kind: LeftOut, at: SourceRange, value?: Json): void {
    const id = `${kind.code} ${kind.subject} ${kind.reason}`;
    const place = `${at.file}:${at.line}:${at.col}`;
    const known = this.#kinds.get(id);
    if (known === undefined) this.#kinds.set(id, { ...kind, at, places: new Set([place]), value });
    else if (!known.places.has(place)) {
      known.places.add(place);
      if (known.value !== undefined && shown(known.value) !== shown(value)) known.value = undefined;
    }
  }

  /** One warning a kind, by code and subject; its place is the first that was met. */
  problems(): readonly Diagnostic[] {
    return [...this.#kinds.values()]
      .toSorted((a, b) => compareText(a.code, b.code) || compareText(a.subject, b.subject))
      .map(({ code, subject, reason, fix, at, places, value }) => {
        const said = shown(value);
        const times = places.size === 1 ? null : `${places.size} times, first here`;
        const about = [said, times].filter((part) => part !== null).join(', ');
        return problem('warning', code, `${subject}${about === '' ? '' : ` (${about})`}${reason}`, at, fix);
      });
  }
}

/** Longer values say nothing in a list. */
const LONGEST = 60;

/** A value short enough to be told; null for none. */
function shown(value: Json | undefined): string | null {
  if (value === undefined || isJsonObject(value) || isJsonArray(value)) return null;
  const text = stringifyJson(value);
  return text.length > LONGEST ? null : text;
}
