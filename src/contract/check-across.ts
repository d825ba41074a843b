/** What only several contracts together show: names that are taken, steps that speak to another resource. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { checkAsked } from './check-cases.ts';
import { Checking, type Surroundings } from './checking.ts';
import type { Contract } from './contract.ts';
import { listed } from './normalise.ts';
import { byPlace, error, toDiagnostic, type Problems } from './problem.ts';
import { nearest } from './suggest.ts';

/** A file that was read, good or not. */
export interface LoadedFile {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is any error. */
  readonly contract: Contract | null;
  /** What its checks shared; null when the file was too broken to check. */
  readonly checking: Checking | null;
  /** Name of its resource, as far as it could be read. */
  readonly resource: string | null;
}

/** @returns for each file what else is wrong with it */
export function checkAcross(files: readonly LoadedFile[], around: Surroundings): readonly (readonly Diagnostic[])[] {
  const byName = new Map<string, LoadedFile>();
  const names = files.flatMap(({ resource }) => (resource === null ? [] : [resource]));
  return files.map((file) => {
    const { checking, resource } = file;
    if (checking === null || resource === null) return [];

    const problems: Problems = [];
    const found: Diagnostic[] = [];
    const first = byName.get(resource);
    if (first === undefined) byName.set(resource, file);
    else found.push(takenTwice(file, first));
    checkForeignSteps(checking, files, names, around, problems);
    return [...found, ...problems.map((problem) => toDiagnostic(problem, checking.source))].toSorted(byPlace);
  });
}

function takenTwice({ checking, resource }: LoadedFile, first: LoadedFile): Diagnostic {
  const at = checking?.source.locate('/resource') ?? null;
  const other = first.checking?.source.locate('/resource');
  return {
    code: 'contract/duplicate-resource',
    severity: 'error',
    message: `a second contract for the resource \`${resource ?? ''}\``,
    at,
    fix: 'one file holds one resource: join them, or name one of them otherwise',
    see: 'docs/contract-format.md#top-level',
    related: other === undefined ? [] : [{ at: other, message: `the first, in ${first.file}` }],
  };
}

function checkForeignSteps(
  checking: Checking,
  files: readonly LoadedFile[],
  names: readonly string[],
  around: Surroundings,
  problems: Problems,
): void {
  const { written, contract, source } = checking;
  for (const [flow, index] of listed(written.flows)) {
    const spec = contract.flows.find(({ pointer }) => pointer === `/flows/${index}`);
    for (const list of ['steps', 'cleanup'] as const) {
      for (const [step, place] of listed(flow[list])) {
        const own = spec?.[list].find(({ pointer }) => pointer === `/flows/${index}/${list}/${place}`);
        if (own === undefined || own.resource === null) continue;
        const { resource, pointer } = own;
        if (!names.includes(resource)) {
          problems.push(
            error(
              'unknown-resource',
              `${pointer}/resource`,
              `no contract of this run is for the resource \`${resource}\``,
              {
                fix: nearest(resource, names) ?? `resources: ${names.join(', ')}; name its file, too`,
                see: 'variables-and-flows',
              },
            ),
          );
          continue;
        }
        const other = files.find((file) => file.resource === resource)?.contract ?? null;
        if (other !== null) checkAsked(new Checking(other, written, source, around, problems), step, own);
      }
    }
  }
}
