/**
 * The contracts of the run: the server's own descriptions converted, and over each what its owner would add by hand.
 *
 * A file in `resources/` holds members of the contract format. They are laid over the converted contract: objects are
 * merged, everything else replaces what was there, and null
 * takes it away. A resource without a file there is not run.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { CLI } from './replay.ts';
import { execute } from './processes.ts';
import { SCHEMAS, writeText } from './server.ts';

const RESOURCES = path.join(import.meta.dirname, 'resources');
const ENDING = '.contract.yaml';
const CONVERT_TIMEOUT_MS = 120_000;

export interface ConvertedContracts {
  /** Names of the resources that are run, in order. */
  readonly resources: readonly string[];
  /** Resources that were converted and are not run. */
  readonly left: readonly string[];
  /** Last line of the converter. */
  readonly summary: string;
}

/** Fills `folder/contracts` anew. */
export async function prepareContracts(descriptions: string, folder: string): Promise<ConvertedContracts> {
  const contracts = path.join(folder, 'contracts');
  rmSync(contracts, { recursive: true, force: true });
  const { code, stderr, stdout } = await execute(
    process.execPath,
    [...CLI, 'convert', 'restli', descriptions, '--schemas', SCHEMAS, '--out', contracts],
    { cwd: folder, timeoutMs: CONVERT_TIMEOUT_MS },
  );
  if (code !== 0)
    throw new Error(
      `convert failed with ${String(code)}:\n${stderr
        .split('\n')
        .filter((line) => !line.startsWith('warning'))
        .join('\n')}`,
    );

  const resources: string[] = [];
  const left: string[] = [];
  for (const name of namesIn(contracts)) {
    const converted = path.join(contracts, name + ENDING);
    const added = path.join(RESOURCES, `${name}.yaml`);
    if (!existsSync(added)) {
      rmSync(converted);
      left.push(name);
      continue;
    }
    writeText(converted, stringify(laidOver(readYaml(converted), readYaml(added))));
    resources.push(name);
  }
  const orphans = readdirSync(RESOURCES).filter((file) => !resources.includes(file.replace(/\.yaml$/, '')));
  if (orphans.length > 0) throw new Error(`no resource of the server is called ${orphans.join(', ')}`);
  return { resources, left, summary: `${stdout}${stderr}`.trim().split('\n').at(-1) ?? '' };
}

/** Objects are merged, member by member; anything else of `over` replaces what is below, and so does a schema a `$ref`. */
export function laidOver(below: unknown, over: unknown): unknown {
  if (!isObject(below) || !isObject(over) || Object.hasOwn(below, '$ref')) return over;
  const merged = new Map(Object.entries(below));
  for (const [name, value] of Object.entries(over)) {
    if (value === null) merged.delete(name);
    else merged.set(name, merged.has(name) ? laidOver(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readYaml(file: string): unknown {
  // Keys beyond 2^53 keep their digits.
  return parse(readFileSync(file, 'utf8'), { intAsBigInt: true });
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .toSorted();
}
