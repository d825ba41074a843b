/**
 * What the page can open on demand: the exchanges of cases, packed as they arrive.
 *
 * Chunks of cases as JSON, deflated, in base64, within a limit. What a reader asks for first is kept first: cases that did
 * not pass, one pass of each cell, the slowest passes, then the rest. Memory is bounded by the limit, not by the run.
 */
import { deflateRawSync } from 'node:zlib';
import { visibleView } from './visible-view.ts';
import type { CaseView } from './case-view.ts';

/** Cases a chunk: opening one inflates so many. */
const CHUNK_CASES = 128;
/** Characters of JSON a chunk at most, so that opening a case with a large body stays quick. */
const CHUNK_CHARACTERS = 1_000_000;
const SLOWEST = 50;
export const EVIDENCE_LIMIT = 6_000_000;

/** Order in which evidence is kept. */
const RANKS = ['bad', 'firstOfCell', 'slow', 'other'] as const;
type Rank = (typeof RANKS)[number];

/** Where a case's evidence stands. */
export interface EvidencePlace {
  readonly chunk: number;
  readonly index: number;
}

interface Pending {
  cases: { readonly row: number; readonly json: string }[];
  characters: number;
}

interface Chunk {
  readonly rows: readonly number[];
  readonly base64: string;
}

export class EvidenceStore {
  readonly #limit: number;
  readonly #pending = new Map<Rank, Pending>();
  readonly #chunks = new Map<Rank, Chunk[]>();
  readonly #sizes = new Map<Rank, number>();
  #slowest: { readonly row: number; readonly json: string; readonly durationMs: number }[] = [];

  constructor(limit: number = EVIDENCE_LIMIT) {
    this.#limit = limit;
  }

  /** A case that did not pass, or the first pass of its cell: kept before the others. */
  addImportant(row: number, view: CaseView, rank: 'bad' | 'firstOfCell'): void {
    this.#push(rank, row, jsonOf(view));
  }

  /** A passing case like others: kept when it is among the slowest, or while there is room. */
  addOrdinary(row: number, view: () => CaseView, durationMs: number): void {
    const fastest = this.#slowest.at(-1);
    const isSlow = this.#slowest.length < SLOWEST || (fastest !== undefined && durationMs > fastest.durationMs);
    if (!isSlow) {
      // Once the rest is full there is no use in laying a case out.
      if (!this.#isFull('other')) this.#push('other', row, jsonOf(view()));
      return;
    }
    this.#slowest.push({ row, json: jsonOf(view()), durationMs });
    this.#slowest.sort((a, b) => b.durationMs - a.durationMs);
    const dropped = this.#slowest.length > SLOWEST ? this.#slowest.pop() : undefined;
    if (dropped !== undefined) this.#push('other', dropped.row, dropped.json);
  }

  /** @returns the chunks to write, and for each row number where its evidence stands; a row without one was dropped */
  finish(): { readonly chunks: readonly string[]; readonly places: ReadonlyMap<number, EvidencePlace> } {
    for (const { row, json } of this.#slowest) this.#push('slow', row, json);
    this.#slowest = [];

    const chunks: string[] = [];
    const places = new Map<number, EvidencePlace>();
    let size = 0;
    for (const rank of RANKS) {
      this.#seal(rank);
      for (const { rows, base64 } of this.#chunks.get(rank) ?? []) {
        if (size + base64.length > this.#limit) continue;
        size += base64.length;
        for (const [index, row] of rows.entries()) places.set(row, { chunk: chunks.length, index });
        chunks.push(base64);
      }
    }
    return { chunks, places };
  }

  #push(rank: Rank, row: number, json: string): void {
    if (this.#isFull(rank)) return;
    const pending = this.#pending.get(rank) ?? { cases: [], characters: 0 };
    this.#pending.set(rank, pending);
    pending.cases.push({ row, json });
    pending.characters += json.length;
    if (pending.cases.length >= CHUNK_CASES || pending.characters >= CHUNK_CHARACTERS) this.#seal(rank);
  }

  #isFull(rank: Rank): boolean {
    return (this.#sizes.get(rank) ?? 0) >= this.#limit;
  }

  #seal(rank: Rank): void {
    const pending = this.#pending.get(rank);
    if (pending === undefined || pending.cases.length === 0) return;
    const json = `[${pending.cases.map((one) => one.json).join(',')}]`;
    const base64 = deflateRawSync(json, { level: 9 }).toString('base64');
    const chunks = this.#chunks.get(rank) ?? [];
    chunks.push({ rows: pending.cases.map(({ row }) => row), base64 });
    this.#chunks.set(rank, chunks);
    this.#sizes.set(rank, (this.#sizes.get(rank) ?? 0) + base64.length);
    this.#pending.delete(rank);
  }
}

/** Without what the case's row says already. */
function jsonOf(view: CaseView): string {
  const { id, reason, contract, rerun, paste, note, checks, violations, exchanges } = view;
  return JSON.stringify(visibleView({ id, reason, contract, rerun, paste, note, checks, violations, exchanges }));
}
