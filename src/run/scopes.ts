/** Where the variables of a run are looked up. */
import type { Contract } from '../contract/contract.ts';
import { scopeOf, type Scope } from '../contract/interpolate.ts';
import type { Json } from '../protocol/json.ts';
import type { Redactor } from '../transport/redact.ts';
import type { RunOptions, Target } from './options.ts';

const NO_VARS: ReadonlyMap<string, Json> = new Map();

/**
 * Captures of the flow, variables of flags, of the target, of the contract, of the config. What is read from the
 * environment is redacted from then on.
 */
export function createScopes(
  { vars = NO_VARS, configVars = NO_VARS, env = {} }: Pick<RunOptions, 'vars' | 'configVars' | 'env'>,
  target: Target,
  redactor: Redactor,
): (contract: Contract, captures: ReadonlyMap<string, Json>) => Scope {
  const onEnv = (_: string, value: string): void => redactor.addValue(value);
  const withoutCaptures = new Map<Contract, Scope>();

  return (contract, captures) => {
    if (captures.size > 0)
      return scopeOf({ layers: [captures, vars, target.vars, contract.vars, configVars], env, onEnv });
    let scope = withoutCaptures.get(contract);
    if (scope === undefined) {
      scope = scopeOf({ layers: [vars, target.vars, contract.vars, configVars], env, onEnv });
      withoutCaptures.set(contract, scope);
    }
    return scope;
  };
}
