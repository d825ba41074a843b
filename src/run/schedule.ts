/**
 * Runs the items of a plan concurrently and yields their results in plan order.
 *
 * Items that need a resource for themselves wait for those that use it and bar the ones behind them, so that a resource
 * sees its requests in plan order wherever one of them writes. Results that are ready early wait in a bounded window.
 */

export interface ScheduleOptions<Item, Result> {
  readonly concurrency: number;
  /** Names of what the item touches, and whether it must have them for itself. Null: it disturbs nothing. */
  readonly claims: (item: Item) => Claim | null;
  /** Does the item; a value at once where there is nothing to wait for. */
  readonly work: (item: Item, index: number) => Promise<Result> | Result;
  /** Once true, nothing more is begun; what runs is waited for. */
  readonly stopped: () => boolean;
}

export interface Claim {
  readonly names: readonly string[];
  readonly alone: boolean;
}

/** Items that may be finished or skipped over ahead of the first unfinished one. */
const WINDOW = 256;

/**
 * @returns the results in the order of `items`, in batches of what became ready in one turn of the event loop; ends early,
 *   after the last that was begun, when `stopped` turns true
 * @throws what `work` throws, once everything under way has ended
 */
export async function* inPlanOrder<Item, Result>(
  items: readonly Item[],
  options: ScheduleOptions<Item, Result>,
): AsyncGenerator<readonly Result[]> {
  const schedule = new Schedule(items, options);
  try {
    for (;;) {
      schedule.fill();
      const batch = schedule.takeReady();
      if (batch.length > 0) yield batch;
      else if (schedule.isIdle) return;
      else await schedule.change();
    }
  } finally {
    await schedule.drained();
  }
}

/** How a claimed name is in use. */
interface Use {
  shared: number;
  alone: boolean;
}

class Schedule<Item, Result> {
  readonly #items: readonly Item[];
  readonly #options: ScheduleOptions<Item, Result>;
  readonly #ready = new Map<number, Result>();
  readonly #uses = new Map<string, Use>();
  /** Indexes that were passed over because of a claim, in order. */
  #held: number[] = [];
  readonly #barred = new Set<string>();
  #cursor = 0;
  #emitted = 0;
  #running = 0;
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(items: readonly Item[], options: ScheduleOptions<Item, Result>) {
    this.#items = items;
    this.#options = options;
  }

  /** Nothing runs, and nothing will: all is done, or the run was stopped. */
  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** Begins as much as concurrency, claims and the window allow. */
  fill(): void {
    if (this.#isOver || this.#failure !== null || this.#options.stopped()) return;
    const { concurrency } = this.#options;
    if (this.#held.length > 0) this.#beginHeld();
    const barred = this.#barredByHeld();
    while (this.#running < concurrency && this.#cursor < this.#items.length && this.#cursor < this.#emitted + WINDOW) {
      const index = this.#cursor;
      this.#cursor += 1;
      const claim = this.#claimOf(index);
      if (claim !== null && !this.#isFree(claim, barred)) {
        this.#held.push(index);
        for (const name of claim.names) barred.add(name);
        continue;
      }
      this.#begin(index, claim);
      if (this.#options.stopped()) return;
    }
  }

  /** Results that follow the last one taken without a gap. After a stop, gaps are what was never begun. */
  takeReady(): readonly Result[] {
    if (this.#failure !== null && this.#running === 0) throw this.#failure.error;
    const batch: Result[] = [];
    for (;;) {
      const result = this.#ready.get(this.#emitted);
      if (result === undefined) break;
      this.#ready.delete(this.#emitted);
      this.#emitted += 1;
      batch.push(result);
    }
    if (batch.length === 0 && this.#running === 0 && this.#ready.size > 0 && this.#options.stopped()) {
      const rest = [...this.#ready.entries()].toSorted(([a], [b]) => a - b).map(([, result]) => result);
      this.#ready.clear();
      return rest;
    }
    return batch;
  }

  /** Resolves once a turn in which something ended is over. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Begins nothing more, and waits for what is under way. */
  async drained(): Promise<void> {
    this.#isOver = true;
    while (this.#running > 0) await this.change();
  }

  #beginHeld(): void {
    const barred = new Set<string>();
    const still: number[] = [];
    for (const index of this.#held) {
      const claim = this.#claimOf(index);
      if (claim === null || (this.#running < this.#options.concurrency && this.#isFree(claim, barred))) {
        this.#begin(index, claim);
        continue;
      }
      still.push(index);
      for (const name of claim.names) barred.add(name);
    }
    this.#held = still;
  }

  /** The same set again: most runs hold nothing, and this is asked whenever something ended. */
  #barredByHeld(): Set<string> {
    const barred = this.#barred;
    if (barred.size > 0) barred.clear();
    for (const index of this.#held) for (const name of this.#claimOf(index)?.names ?? []) barred.add(name);
    return barred;
  }

  #claimOf(index: number): Claim | null {
    const item = this.#items[index];
    return item === undefined ? null : this.#options.claims(item);
  }

  #isFree(claim: Claim, barred: ReadonlySet<string>): boolean {
    return claim.names.every((name) => {
      if (barred.has(name)) return false;
      const use = this.#uses.get(name);
      return use === undefined || (!use.alone && (!claim.alone || use.shared === 0));
    });
  }

  #begin(index: number, claim: Claim | null): void {
    const item = this.#items[index];
    if (item === undefined) return;
    const result = this.#work(item, index);
    if (!(result instanceof Promise)) {
      if (result !== undefined) this.#ready.set(index, result);
      return;
    }

    this.#running += 1;
    if (claim !== null) this.#use(claim, 1);
    const end = (): void => {
      this.#running -= 1;
      if (claim !== null) this.#use(claim, -1);
      // What follows begins at once. Who reads the results is woken once a turn: what ended in it is one batch.
      this.fill();
      if (this.#wake !== null) setImmediate(this.#wake);
      this.#wake = null;
    };
    result.then(
      (value) => {
        this.#ready.set(index, value);
        end();
      },
      (error: unknown) => {
        this.#failure ??= { error };
        end();
      },
    );
  }

  /** @returns undefined where the work threw */
  #work(item: Item, index: number): Promise<Result> | Result | undefined {
    try {
      return this.#options.work(item, index);
    } catch (error) {
      this.#failure ??= { error };
      return undefined;
    }
  }

  #use({ names, alone }: Claim, by: 1 | -1): void {
    for (const name of names) {
      let use = this.#uses.get(name);
      if (use === undefined) this.#uses.set(name, (use = { shared: 0, alone: false }));
      if (alone) use.alone = by === 1;
      else use.shared += by;
    }
  }
}
