/** Collects what a judge finds: fills in level, hint and exchange from the rule, leaves out what the contract exempts. */
import type { Contract } from '../contract/contract.ts';
import type { Dialect, DialectFamily, RequirementLevel } from '../protocol/dialects.ts';
import { levelOf, ruleOf } from '../rules/index.ts';
import type { Violation, ViolationPlace } from './violation.ts';

/** What a check says of one fault; the rest comes from the rule. */
export interface Told {
  readonly where: ViolationPlace;
  readonly pointer?: string | null;
  readonly header?: string | null;
  readonly key?: string | null;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
  /** Default: the fix of the rule. */
  readonly hint?: string | null;
  readonly at?: Violation['at'];
  /** Default: the level of the rule in the dialect. */
  readonly level?: RequirementLevel;
}

const NO_EXEMPTIONS: ReadonlyMap<string, string> = new Map();

export class Findings {
  readonly #family: DialectFamily;
  readonly #exchange: number;
  readonly #exempt: ReadonlyMap<string, string>;
  readonly #violations: Violation[] = [];
  /** How many promises were looked at, kept or not. */
  checks = 0;

  constructor(dialect: Dialect, exempt: ReadonlyMap<string, string> | null, exchange: number) {
    this.#family = dialect.family;
    this.#exempt = exempt ?? NO_EXEMPTIONS;
    this.#exchange = exchange;
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  has(rule: string): boolean {
    return this.#violations.some((violation) => violation.rule === rule);
  }

  add(id: string, told: Told): void {
    if (this.#exempt.has(id)) return;
    const rule = ruleOf(id);
    this.#violations.push({
      rule: id,
      level: told.level ?? levelOf(rule, this.#family),
      where: told.where,
      pointer: told.pointer ?? null,
      header: told.header ?? null,
      key: told.key ?? null,
      exchange: this.#exchange,
      expected: told.expected,
      actual: told.actual,
      message: told.message,
      hint: told.hint === undefined ? rule.fix : told.hint,
      at: told.at ?? null,
    });
  }
}

/** Places found so far; checks ask for the same few again and again, and finding one takes 2 us. */
const places = new WeakMap<Contract, Map<string, Violation['at']>>();
/** Enough for the nodes of a method; those of a thousand cases are not kept. */
const MOST_PLACES = 500;

/** The place of a node of the contract, as a violation shows it. */
export function placeOf(contract: Contract, pointer: string): Violation['at'] {
  const own = places.get(contract) ?? new Map<string, Violation['at']>();
  const known = own.get(pointer);
  if (known !== undefined) return known;

  const { file, line, col } = contract.locate(pointer);
  const place = { file, line, col };
  if (own.size < MOST_PLACES) places.set(contract, own.set(pointer, place));
  return place;
}
