/**
 * The text of one contract file -> the contract, or every reason why it is none. Pure: what `$ref`s to files reach is
 * handed in (`load.ts` reads it).
 */
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Json } from '../protocol/json.ts';
import type { Contract } from './contract.ts';
import { contractShape, type ContractSource } from './format.ts';
import { normalise } from './normalise.ts';
import { byPlace, toDiagnostic, type Problem } from './problem.ts';
import { checkShape } from './shape-check.ts';
import { objectSource, readSource, type SourceFile } from './source.ts';

export interface ParseOptions {
  /** As shown to the user; `.json` is read as JSON, everything else as YAML. */
  readonly file: string;
  /** Parsed files that `$ref`s reach, by the path as written. */
  readonly files?: ReadonlyMap<string, Json>;
}

export interface ParsedContract {
  /** null when there is any error. */
  readonly contract: Contract | null;
  /** Errors and warnings in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

const NO_FILES: ReadonlyMap<string, Json> = new Map();

export function parseContract(text: string, options: ParseOptions): ParsedContract {
  const { source, diagnostics } = readSource(text, options.file);
  if (source === null) return { contract: null, diagnostics };

  const parsed = contractOfSource(source, sha256(text), options.files ?? NO_FILES);
  return { contract: parsed.contract, diagnostics: [...diagnostics, ...parsed.diagnostics] };
}

/** The same for a contract that came as an object; every place is the file's first line. */
export function parseContractObject(value: Json, options: ParseOptions): ParsedContract {
  return contractOfSource(
    objectSource(value, options.file),
    sha256(JSON.stringify(value, bigintsAsText)),
    options.files ?? NO_FILES,
  );
}

function contractOfSource(source: SourceFile, hash: string, files: ReadonlyMap<string, Json>): ParsedContract {
  const shape = checkShape(contractShape, source.value, (pointer) => source.written(pointer)?.text ?? null);
  const problems: Problem[] = [...shape.problems];
  // What is left of the value fits the shape, whose author's type this is.
  const written = shape.value as ContractSource | undefined;
  const contract = written === undefined ? null : normalise(written, { source, hash, files });

  const diagnostics = problems.map((problem) => toDiagnostic(problem, source)).sort(byPlace);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return { contract: failed ? null : contract, diagnostics };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function bigintsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
