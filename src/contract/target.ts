/** A target with its variables put in. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { interpolate, scopeOf, variablesIn } from './interpolate.ts';
import type { Config, Target } from './config-types.ts';

export interface ResolveOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--var`. */
  readonly vars?: ReadonlyMap<string, Json>;
  /** Told of every value that came from the environment, so that it can be redacted. */
  readonly onEnv?: (name: string, value: string) => void;
}

/** A target with its variables put in, or what it lacks. `vars` keep theirs: a run looks them up in its own scope. */
export function resolveTarget(
  target: Target,
  config: Config,
  { env, vars, onEnv }: ResolveOptions,
): { readonly target: Target } | { readonly diagnostics: readonly Diagnostic[] } {
  const scope = scopeOf({ layers: [vars, target.vars, config.vars], env, ...(onEnv === undefined ? {} : { onEnv }) });
  const { vars: _vars, headers, ...rest } = target;
  const plain: Json = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without its maps a target is plain JSON
    ...(rest as unknown as JsonObject),
    headers: [...headers].map(([name, value]) => [name, value]),
  };
  const filled = interpolate(plain, scope);
  if ('value' in filled && isJsonObject(filled.value)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- variables took the place of texts; the members are the same
    const resolved = filled.value as unknown as Omit<Target, 'headers' | 'vars'> & {
      headers: readonly (readonly [string, string | readonly string[] | null])[];
    };
    const lines = resolved.headers.map(
      ([name, value]) => [name, typeof value === 'number' ? String(value) : value] as const,
    );
    return { target: { ...resolved, headers: new Map(lines), vars: target.vars } };
  }

  const lacking = [
    ...new Set(
      variablesIn(plain)
        .filter(({ name, hasDefault }) => !hasDefault && scope(name) === undefined)
        .map(({ name }) => name),
    ),
  ];
  return {
    diagnostics: lacking.map((name) => ({
      code: name.startsWith('env.') ? 'config/unknown-environment' : 'config/unknown-variable',
      severity: 'error',
      message: `the target \`${target.name}\` needs \`\${${name}}\`, which nothing gives a value`,
      at: null,
      fix: name.startsWith('env.')
        ? `set ${name.slice('env.'.length)} in the environment`
        : `add it to \`vars\`, or give it with \`--var ${name}=…\``,
      see: 'docs/contract-format.md#config',
      related: [],
    })),
  };
}
