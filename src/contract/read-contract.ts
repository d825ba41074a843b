/**
 * What one contract file holds -> the contract, or every reason why it is none. Pure: what `$ref`s to files reach is
 * handed in (`load.ts` reads it).
 */
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import { Checking, NO_SURROUNDINGS, type Surroundings } from './checking.ts';
import type { Contract } from './contract.ts';
import { withEdits } from './edits.ts';
import { contractShape } from './format.ts';
import { normalise } from './normalise.ts';
import { byPlace, toDiagnostic, type Problem } from './problem.ts';
import { findSecrets } from './secrets.ts';
import { asShaped, checkShape } from './shape-check.ts';
import type { WrittenText } from './shape-spot.ts';
import { objectSource, type SourceFile } from './source.ts';
import { checkValidity } from './validity.ts';

export interface ParseOptions {
  /** As shown to the user; `.json` is read as JSON, everything else as YAML. */
  readonly file: string;
  /** Parsed files that `$ref`s reach, by the path as written. */
  readonly files?: ReadonlyMap<string, Json>;
  /** Text of the script that made an object, to find places in. */
  readonly script?: string;
  /** Dialects, variables, targets… of the config. Absent: the built-in dialects, and no environment. */
  readonly around?: Surroundings;
}

export interface ParsedContract {
  /** null when there is any error. */
  readonly contract: Contract | null;
  /** Errors and warnings in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

const NO_FILES: ReadonlyMap<string, Json> = new Map();

/** A contract that came as an object; places are looked for in its script. */
export function parseContractObject(value: Json, options: ParseOptions): ReadContract {
  return readContract(objectSource(value, options.file, options.script), [], options);
}

export interface ReadContract extends ParsedContract {
  /** What the checks shared; null when nothing of the file fits the format. */
  readonly checking: Checking | null;
  /** Name of the resource, as far as it could be read. */
  readonly resource: string | null;
}

/** @param before - the diagnostics of reading the source */
export function readContract(source: SourceFile, before: readonly Diagnostic[], options: ParseOptions): ReadContract {
  const written: WrittenText = (pointer) => source.written(pointer)?.text ?? null;
  const asIs = checkShape(contractShape, source.value, written);
  const shape = asIs.value === undefined ? checkShape(contractShape, withHead(source.value), written) : asIs;
  const problems: Problem[] = [...asIs.problems];
  const about = { source, hash: hashOf(source), files: options.files ?? NO_FILES };

  let contract: Contract | null = null;
  let checking: Checking | null = null;
  if (shape.value !== undefined && shape.json !== undefined) {
    contract = normalise(shape.value, about);
    checking = new Checking(contract, shape.value, source, options.around ?? NO_SURROUNDINGS, problems);
    const isSound = !before.some(({ severity }) => severity === 'error');
    checkValidity(checking, shape.types, isSound);
    if (checking.edits.length > 0) {
      // Numbers where text is due: the contract holds what they were read as.
      contract = normalise(asShaped(contractShape, withEdits(shape.json, checking.edits)), about);
    }
  }

  const found = problems.map((problem) => toDiagnostic(problem, source));
  const diagnostics = [...before, ...found, ...literalSecrets(source)].toSorted(byPlace);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return { contract: failed ? null : contract, diagnostics, checking, resource: contract?.resource ?? null };
}

/** With the two members that say nothing about the rest: a file that lacks them is still looked through. */
function withHead(value: Json): Json {
  return isJsonObject(value) ? { ...value, contract: 1, resource: 'resource' } : value;
}

function literalSecrets(source: SourceFile): readonly Diagnostic[] {
  return findSecrets(source.text).map(({ what, start, end, masked }) => ({
    code: 'contract/literal-secret',
    severity: 'warning',
    message: `this looks like ${what}: ${masked}`,
    at: source.rangeAt({ start, end }),
    fix: 'read it from the environment: `${env.NAME}`; what comes from there is redacted everywhere',
    see: 'docs/contract-format.md#variables-and-flows',
    related: [],
  }));
}

function hashOf({ text, value }: SourceFile): string {
  return sha256(text === '' ? JSON.stringify(value, bigintsAsText) : text);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function bigintsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
