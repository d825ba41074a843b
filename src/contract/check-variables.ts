/** Variables: names that somebody gives, captures that are made before they are used. */
import type { Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { valueAt } from '../protocol/pointer.ts';
import type { Checking } from './checking.ts';
import type { CaseSpec, FlowSpec } from './contract.ts';
import { holdsVariable, scopeOf, variablesIn } from './interpolate.ts';
import { nearest } from './suggest.ts';

export function checkVariables(checking: Checking): void {
  const { contract, source } = checking;
  checkCycles(checking);
  checkParentValues(checking);
  for (const flow of contract.flows) checkFlow(checking, flow);
  // A file without the sign has nothing to look for; an object has no text to look in.
  if (source.text !== '' && !source.text.includes('${')) return;

  for (const place of ['headers', 'examples', 'vars'] as const)
    checkUses(checking, place, valueAt(source.value, [place]), new Set());
  contract.cases.forEach((spec) => {
    const index = spec.pointer.slice('/cases/'.length);
    checkUses(checking, `cases/${index}`, valueAt(source.value, ['cases', index]), new Set());
  });
}

function checkUses(
  checking: Checking,
  place: string,
  value: Json | undefined,
  captured: ReadonlySet<string>,
  later: ReadonlyMap<string, string> = new Map(),
): void {
  if (value === undefined || !holdsVariable(value)) return;
  for (const { name, pointer, hasDefault } of variablesIn(value)) {
    const at = `/${place}${pointer}`;
    if (name.startsWith('env.')) checkEnvironment(checking, name.slice('env.'.length), hasDefault, at);
    else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      checking.error('bad-variable', at, `\`\${${name}}\` is not the form of a variable`, {
        fix: 'write `${name}`, `${env.NAME}` or `${env.NAME:-default}`; `$${` is a literal `${`',
        see: 'variables-and-flows',
      });
    } else if (!captured.has(name) && !hasDefault && !isGiven(checking, name)) {
      const madeAt = later.get(name);
      if (madeAt === undefined) unknown(checking, name, at, captured);
      else {
        checking.error('capture-too-early', at, `\`\${${name}}\` is used before it is captured`, {
          fix: 'move the step that captures it up',
          see: 'variables-and-flows',
          related: [{ pointer: madeAt, part: 'name', message: 'captured here' }],
        });
      }
    }
  }
}

function isGiven({ contract, around }: Checking, name: string): boolean {
  return contract.vars.has(name) || around.vars.has(name);
}

function unknown(checking: Checking, name: string, pointer: string, captured: ReadonlySet<string>): void {
  const known = [...new Set([...captured, ...checking.contract.vars.keys(), ...checking.around.vars])];
  checking.error('unknown-variable', pointer, `nothing gives a value to \`\${${name}}\``, {
    fix:
      nearest(name, known) ??
      (known.length === 0
        ? `add \`vars: { ${name}: … }\`, or give it with \`--var ${name}=…\``
        : `known: ${known.toSorted().join(', ')}; add it to \`vars\`, or write \`$\${\` for a literal`),
    see: 'variables-and-flows',
  });
}

function checkEnvironment(checking: Checking, name: string, hasDefault: boolean, pointer: string): void {
  const { env } = checking.around;
  if (env === null || hasDefault || (Object.hasOwn(env, name) && env[name] !== undefined)) return;
  checking.error('unknown-environment', pointer, `the environment has no \`${name}\``, {
    fix: nearest(name, Object.keys(env)) ?? `set it, or write a default: \`\${env.${name}:-value}\``,
    see: 'variables-and-flows',
  });
}

/** A variable whose value leads back to itself never gets one. */
function checkCycles(checking: Checking): void {
  const { vars } = checking.contract;
  const scope = scopeOf({ layers: [vars], env: {} });
  for (const [name, value] of vars) {
    if (!holdsVariable(value)) continue;
    const leads = variablesIn(value).filter((use) => vars.has(use.name));
    if (leads.length === 0 || scope(name) !== undefined || !reaches(vars, name, name, new Set())) continue;
    checking.error('variable-cycle', `/vars/${name}`, `the value of \`${name}\` leads back to itself`, {
      fix: 'give one of them a value of its own',
      see: 'variables-and-flows',
    });
  }
}

function reaches(vars: ReadonlyMap<string, Json>, from: string, to: string, seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return variablesIn(vars.get(from) ?? null).some(({ name }) => name === to || reaches(vars, name, to, seen));
}

/** Where a case does not say its parents, the variables of their names do. */
function checkParentValues(checking: Checking): void {
  const { contract } = checking;
  if (contract.parents.size === 0) return;
  for (const spec of contract.cases) {
    if (spec.raw?.path === undefined) checkParent(checking, spec, new Set());
  }
}

function checkParent(checking: Checking, spec: CaseSpec, captured: ReadonlySet<string>): void {
  for (const name of checking.contract.parents.keys()) {
    if (
      isGiven(checking, name) ||
      captured.has(name) ||
      (spec.parents !== undefined && Object.hasOwn(spec.parents, name))
    )
      continue;
    checking.error('parent-without-value', `${spec.pointer}/method`, `nothing gives a value to {${name}} of the path`, {
      fix: `add \`vars: { ${name}: … }\` to the contract, or \`parents: { ${name}: … }\` here`,
      see: 'top-level',
    });
  }
}

function checkFlow(checking: Checking, flow: FlowSpec): void {
  const later = new Map<string, string>();
  for (const step of flow.steps)
    for (const name of step.capture.keys()) later.set(name, `${step.pointer}/capture/${name}`);

  const captured = new Set<string>();
  for (const step of flow.steps) {
    checkStep(checking, step, captured, later);
    for (const name of step.capture.keys()) {
      captured.add(name);
      later.delete(name);
    }
  }
  for (const step of flow.cleanup) checkStep(checking, step, captured, new Map());
}

function checkStep(
  checking: Checking,
  step: CaseSpec,
  captured: ReadonlySet<string>,
  later: ReadonlyMap<string, string>,
): void {
  const place = step.pointer.slice(1);
  checkUses(checking, place, valueAt(checking.source.value, place.split('/')), captured, later);
  if (step.resource === null && step.raw?.path === undefined) checkParent(checking, step, captured);
  for (const [name, from] of step.capture) checkCapture(checking, step, name, from);
}

function checkCapture(checking: Checking, step: CaseSpec, name: string, from: string): void {
  const profile = profileOf(step.method);
  const at = `${step.pointer}/capture/${name}`;
  if (from.startsWith('each/') && profile.batchOf === null) {
    checking.error('capture-place', at, `${step.method} is no batch, so there is no \`each\``, {
      fix: 'capture from `body/…`',
      see: 'variables-and-flows',
    });
  } else if (
    from === 'key' &&
    profile.returns !== 'created' &&
    !(profile.effect === 'replaces' && profile.batchOf === null)
  ) {
    checking.error('capture-place', at, `${step.method} does not answer with one created key`, {
      fix: profile.batchOf === null ? 'capture from `body/…`' : 'capture from `each/0/key`',
      see: 'variables-and-flows',
    });
  }
}
