/** What the checks of a contract's meaning share: the contract, what surrounds it, and where problems go. */
import { DIALECTS, type Dialect, type ProtocolVersion } from '../protocol/dialects.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { MethodName } from '../protocol/methods.ts';
import { escapeSegment, parsePointer, valueAt } from '../protocol/pointer.ts';
import type { Contract, Operation } from './contract.ts';
import type { Edit } from './edits.ts';
import type { ContractSource } from './format.ts';
import { error, warning, type ProblemOptions, type Problems } from './problem.ts';
import type { SourceFile } from './source.ts';
import { ValueChecker } from './value-check.ts';

/** What stands around a contract: the config's dialects, targets and variables, and what was found on disk. */
export interface Surroundings {
  readonly dialects: ReadonlyMap<string, Dialect>;
  /** Names that the config, its targets or flags give a value. */
  readonly vars: ReadonlySet<string>;
  /** null: the environment is not looked at. */
  readonly env: Readonly<Record<string, string | undefined>> | null;
  /** null: any name may be a target. */
  readonly targets: ReadonlySet<string> | null;
  /** Ids of the catalogue of rules; null: any id may be one. */
  readonly rules: ReadonlySet<string> | null;
  /** Paths that a `$ref` wrote and that may not be followed, with the reason. */
  readonly refused: ReadonlyMap<string, RefusedFile>;
}

export interface RefusedFile {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

export const NO_SURROUNDINGS: Surroundings = {
  dialects: new Map(Object.entries(DIALECTS)),
  vars: new Set(),
  env: null,
  targets: null,
  rules: null,
  refused: new Map(),
};

export class Checking {
  readonly contract: Contract;
  readonly written: ContractSource;
  readonly source: SourceFile;
  readonly around: Surroundings;
  readonly problems: Problems;
  readonly edits: Edit[] = [];
  readonly values: ValueChecker;
  readonly dialect: Dialect;
  readonly #operations = new Map<string, Operation>();

  constructor(
    contract: Contract,
    written: ContractSource,
    source: SourceFile,
    around: Surroundings,
    problems: Problems,
  ) {
    this.contract = contract;
    this.written = written;
    this.source = source;
    this.around = around;
    this.problems = problems;
    this.dialect = around.dialects.get(contract.dialect) ?? DIALECTS.restli;
    this.values = new ValueChecker(source, problems, this.edits);
    for (const operation of contract.operations)
      this.#operations.set(operationId(operation.method, operation.name), operation);
  }

  /** Version that a case is encoded in. */
  protocolOf(own: ProtocolVersion | null): ProtocolVersion {
    return own ?? this.contract.protocol ?? this.dialect.protocol[0];
  }

  operation(method: MethodName, name: string | null): Operation | undefined {
    return this.#operations.get(operationId(method, name));
  }

  /** The object that stands at a pointer; an empty one where none does. */
  writtenAt(pointer: string): JsonObject {
    const value = valueAt(this.source.value, parsePointer(pointer) ?? []);
    return isJsonObject(value) ? value : {};
  }

  /** Whether something is wrong at or below a place already. */
  isTold(pointer: string): boolean {
    if (this.problems.length === 0) return false;
    return this.problems.some((known) => known.pointer === pointer || known.pointer.startsWith(`${pointer}/`));
  }

  /** Whether a member that is missing at a place was written there under a wrong name. */
  isMeant(pointer: string, member: string): boolean {
    return this.problems.some(
      (known) => known.meant.includes(member) && known.pointer.slice(0, known.pointer.lastIndexOf('/')) === pointer,
    );
  }

  /** The place of a field, whose name may be written with a `?`. */
  fieldPlace(pointer: string, name: string): string {
    const written = Object.hasOwn(this.writtenAt(pointer), `${name}?`) ? `${name}?` : name;
    return `${pointer}/${escapeSegment(written)}`;
  }

  /** Takes back what the form alone could not know better. */
  withdraw(code: string, pointer: string): void {
    const index = this.problems.findIndex((known) => known.code === code && known.pointer === pointer);
    if (index >= 0) this.problems.splice(index, 1);
  }

  error(code: string, pointer: string, message: string, options?: ProblemOptions): void {
    this.problems.push(error(code, pointer, message, options));
  }

  warning(code: string, pointer: string, message: string, options?: ProblemOptions): void {
    this.problems.push(warning(code, pointer, message, options));
  }
}

function operationId(method: MethodName, name: string | null): string {
  return name === null ? method : `${method} ${name}`;
}
