/** For contracts and configs in TypeScript: the same objects as in YAML, with their types at hand. */
import type { ConfigSource } from './format-config.ts';
import type { ContractSource } from './format.ts';

/** Returns the contract as it is; editors complete and check it. */
export function defineContract(contract: ContractSource): ContractSource {
  return contract;
}

/** Returns the config as it is; editors complete and check it. */
export function defineConfig(config: ConfigSource): ConfigSource {
  return config;
}

export type { ConfigSource, ContractSource };
