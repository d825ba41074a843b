/**
 * Would the contracts notice? Their cases are run against embedded endpoints that are each broken in one known way; a
 * fault that no case notices is one that a real endpoint may have, too.
 *
 * A mutant that no request of any group shows (a page token where nothing is paged) says nothing about the cases and is
 * counted apart. Everything else that passed is a survivor.
 */
import { FAULT_KINDS, FAULTS, type Fault } from '../mock/faults.ts';
import type { Case } from '../plan/case.ts';
import { GROUPS, type Group } from '../plan/case.ts';
import { DEFAULT_GROUPS } from '../plan/plan.ts';
import { METHOD_NAMES } from '../protocol/methods.ts';
import { createRedactor } from '../transport/redact.ts';
import type { CaseFinished, MutantCounts, MutationMeasured, MutationSurvivor, RunEnded, RunEvent } from './events.ts';
import { exitCodeOf } from './exit-code.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { differenceOf, isAbout, pasteFor, witnessOf, type Witness } from './mutate-advice.ts';
import { Trials } from './mutate-trial.ts';
import { SYSTEM_CLOCK, type RunOptions } from './options.ts';
import { planOf, runContracts } from './run.ts';
import type { Trial } from './trial.ts';

export interface MutateOptions extends Omit<
  RunOptions,
  'target' | 'transport' | 'wire' | 'inProcess' | 'waivers' | 'retries' | 'bail' | 'allowWrites' | 'isForeign'
> {
  /** Percent of the mutants killed or survived that must be killed; null: none is asked for. */
  readonly minScore?: number | null;
  /** Told of each mutant that was judged. */
  readonly onMutant?: (done: number, total: number) => void;
}

/**
 * @returns the events of a run without a fault, which tells what the cases say of a sound endpoint; then `mutation`, `end`
 * @throws RangeError for a fault that is not in FAULTS
 */
export async function* mutateContracts(options: MutateOptions): AsyncGenerator<RunEvent, void, undefined> {
  const { faults, minScore = null, onMutant, ...rest } = options;
  const run: RunOptions = { ...rest, inProcess: true };
  const rows = faults === undefined || faults.length === 0 ? FAULTS : faults.map(faultNamed);

  const passed = new Set<string>();
  let end: RunEnded | null = null;
  for await (const event of runContracts(run)) {
    if (event.type === 'end') end = event;
    else yield event.type === 'run' ? { ...event, command: 'mutate' } : event;
    if (event.type === 'case' && event.verdict === 'pass') passed.add(event.id);
  }
  if (end === null || end.interrupted !== null) {
    if (end !== null) yield end;
    return;
  }

  const mutation = await new Mutation(run, rows, passed).measure(minScore, onMutant);
  if (mutation !== null) yield mutation;
  yield ended(end, mutation, run);
}

function faultNamed(name: string): Fault {
  const fault = FAULTS.find((row) => row.name === name);
  if (fault === undefined) throw new RangeError(`Failed to mutate: there is no fault ${name}`);
  return fault;
}

function ended(end: RunEnded, mutation: MutationMeasured | null, { signal, strict = false }: RunOptions): RunEnded {
  const reason: unknown = signal?.aborted === true ? signal.reason : null;
  const interrupted = mutation !== null ? null : typeof reason === 'string' ? reason : 'aborted';
  const low = mutation === null ? null : scoreProblem(mutation);
  const shortfalls = [...(end.shortfalls ?? []), ...(low === null ? [] : [low])];
  const { code } = exitCodeOf({
    verdicts: end.verdicts,
    selected: end.selected,
    sharded: false,
    strict,
    signal: interrupted,
    misused: false,
    broken: false,
    short: shortfalls.length > 0,
  });
  return { ...end, interrupted, exitCode: code, ...(shortfalls.length === 0 ? {} : { shortfalls }) };
}

function scoreProblem({ total, minScore }: MutationMeasured): string | null {
  const tried = total.killed + total.survived;
  if (minScore === null || total.killed * 100 >= minScore * tried) return null;
  return `${total.killed} of ${tried} mutants are noticed (${Math.floor((total.killed * 100) / tried)} %), the minimum is ${minScore} %`;
}

type Fate =
  | { readonly kind: 'killed'; readonly by: Case; readonly rule: string }
  | { readonly kind: 'survived'; readonly witness: Witness; readonly noticed: boolean; readonly cases: number }
  | { readonly kind: 'apart' };

class Mutation {
  readonly #options: RunOptions;
  readonly #faults: readonly Fault[];
  readonly #groups: readonly Group[];
  /** Cases to be tried on every mutant: `contract` first, so that a kill tells whether that group alone would do. */
  readonly #selected: readonly Case[];
  /** Cases of the other groups, which show whether a fault can be seen at all. */
  readonly #others: readonly Case[];
  readonly #sound = new Map<Case, Trial>();

  constructor(options: RunOptions, faults: readonly Fault[], passed: ReadonlySet<string>) {
    this.#options = options;
    this.#faults = faults;
    this.#groups = options.groups ?? DEFAULT_GROUPS;
    const wanted = planOf(options).cases.filter(({ id, skip }) => skip === null && passed.has(id));
    this.#selected = GROUPS.flatMap((group) => wanted.filter((one) => one.group === group));
    const rest = GROUPS.filter((group) => !this.#groups.includes(group));
    this.#others = planOf({ ...withoutFilters(options), groups: rest }).cases.filter(
      ({ skip, blocked }) => skip === null && blocked === null,
    );
  }

  /** @returns null when the run was stopped */
  async measure(minScore: number | null, onMutant: MutateOptions['onMutant']): Promise<MutationMeasured | null> {
    const { contracts, filters, clock = SYSTEM_CLOCK, redactor = createRedactor() } = this.#options;
    const trials = await Trials.open(this.#options, clock.now().getTime(), redactor);
    for (const one of [...this.#selected, ...this.#others]) {
      if (this.#options.signal?.aborted === true) return null;
      const trial = await trials.run(one, null);
      if (!trial.noticed) this.#sound.set(one, trial);
    }

    const mutants = mutantsOf(contracts, this.#faults, filters ?? { methods: [], resources: [] });
    const fates = new Map<Mutant, Fate>();
    const survivors: MutationSurvivor[] = [];
    for (const [index, mutant] of mutants.entries()) {
      if (this.#options.signal?.aborted === true) return null;
      const fate = await this.#fateOf(mutant, trials);
      fates.set(mutant, fate);
      if (fate.kind === 'survived') survivors.push(await this.#survivor(mutant, fate, trials));
      onMutant?.(index + 1, mutants.length);
    }
    return this.#event(fates, survivors, minScore);
  }

  async #fateOf(mutant: Mutant, trials: Trials): Promise<Fate> {
    let witness: Witness | null = null;
    let cases = 0;
    for (const one of this.#about(this.#selected, mutant)) {
      const trial = await trials.run(one, mutant);
      cases += 1;
      if (trial.noticed) return { kind: 'killed', by: one, rule: ruleOf(trial.outcome.violations) };
      witness ??= this.#witness(one, trial);
    }
    if (witness !== null) return { kind: 'survived', witness, noticed: false, cases };
    for (const one of this.#about(this.#others, mutant)) {
      const trial = await trials.run(one, mutant);
      const seen = this.#witness(one, trial);
      if (seen !== null) return { kind: 'survived', witness: seen, noticed: trial.noticed, cases };
    }
    return { kind: 'apart' };
  }

  #witness(one: Case, faulty: Trial): Witness | null {
    const sound = this.#sound.get(one);
    return sound === undefined ? null : witnessOf(one, sound, faulty);
  }

  #about(cases: readonly Case[], { contract, method }: Mutant): readonly Case[] {
    return cases.filter((one) => this.#sound.has(one) && isAbout(one, contract, method));
  }

  async #survivor(
    mutant: Mutant,
    { witness, noticed, cases }: Extract<Fate, { readonly kind: 'survived' }>,
    trials: Trials,
  ): Promise<MutationSurvivor> {
    const { fault, contract, method } = mutant;
    const { id, group } = witness.one;
    const paste = await pasteFor(witness, mutant, trials);
    const change = `In ${id} ${differenceOf(witness)}`;
    const advice = noticed
      ? `${change}, which group ${group} notices: run it too (--group ${[...this.#groups, group].join(',')})`
      : witness.told !== null
        ? `${change}: that breaks ${witness.told.rule}, of level ${witness.told.level}, which fails nothing`
        : this.#groups.includes(group)
          ? `${change}, and nothing expects otherwise`
          : `${change}; no selected case asks for it`;
    return {
      fault: fault.name,
      title: fault.title,
      kind: fault.kind,
      resource: contract.resource,
      method,
      cases,
      advice: `${advice}.${paste === null ? '' : noticed ? ' Or paste what stands below.' : ' What stands below notices it.'}`,
      paste,
    };
  }

  #event(
    fates: ReadonlyMap<Mutant, Fate>,
    survivors: readonly MutationSurvivor[],
    minScore: number | null,
  ): MutationMeasured {
    const all = [...fates];
    const count = (holds: (mutant: Mutant) => boolean): MutantCounts => countsOf(all.filter(([one]) => holds(one)));
    return {
      type: 'mutation',
      groups: this.#groups,
      total: count(() => true),
      minScore,
      methods: METHOD_NAMES.map((method) => ({ method, ...count((one) => one.method === method) })).filter(isTried),
      kinds: FAULT_KINDS.map((kind) => ({ kind, ...count(({ fault }) => fault.kind === kind) })).filter(isTried),
      faults: this.#faults.map((fault) => {
        const counts = count((one) => one.fault === fault);
        const killed = all.find(([one, fate]) => one.fault === fault && fate.kind === 'killed')?.[1];
        return {
          fault: fault.name,
          title: fault.title,
          kind: fault.kind,
          ...counts,
          first: killed?.kind === 'killed' ? { case: killed.by.id, rule: killed.rule } : null,
          reason: counts.killed + counts.survived > 0 ? null : reasonFor(fault, counts),
        };
      }),
      survivors,
    };
  }
}

function withoutFilters({ filters: _filters, ...options }: RunOptions): RunOptions {
  return options;
}

function countsOf(fates: readonly (readonly [Mutant, Fate])[]): MutantCounts {
  const of = (kind: Fate['kind']): number => fates.filter(([, fate]) => fate.kind === kind).length;
  return {
    killed: of('killed'),
    killedByContract: fates.filter(([, fate]) => fate.kind === 'killed' && fate.by.group === 'contract').length,
    survived: of('survived'),
    apart: of('apart'),
  };
}

function isTried({ killed, survived, apart }: MutantCounts): boolean {
  return killed + survived + apart > 0;
}

function reasonFor({ breaks }: Fault, { apart }: MutantCounts): string {
  if (apart === 0) return `no contract declares ${breaks?.join(', ') ?? 'a method'}`;
  return 'no request of any group is answered otherwise than it may be: nothing in the contracts that it could break';
}

function ruleOf(
  violations: CaseFinished['violations'] | readonly { readonly rule: string; readonly level: string }[],
): string {
  return violations.find(({ level }) => level === 'must')?.rule ?? violations[0]?.rule ?? '';
}
