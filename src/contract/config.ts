/**
 * The config file: text -> Config, or every reason why it is none. Values still hold their `${variables}`: those of a
 * target are put in when it is chosen, so that a token which only production needs is not asked for elsewhere.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { type Json } from '../protocol/json.ts';
import { schemaLint } from '../schema/lint.ts';
import { EMPTY_SCOPE } from '../schema/types.ts';
import { checkConfig } from './check-config.ts';
import { dialectsOf } from './config-dialects.ts';
import {
  DEFAULT_CONTRACTS,
  MOCK_TARGET,
  NO_CONFIG,
  type Config,
  type Target,
  type TargetAuth,
} from './config-types.ts';
import { headerValuesOf } from './fields.ts';
import { configShape, type ConfigSource, type TargetSource } from './format-config.ts';
import { durationMs } from './normalise-cases.ts';
import { byPlace, error, toDiagnostic, warning, type Problems } from './problem.ts';
import { findSecrets } from './secrets.ts';
import { checkShape } from './shape-check.ts';
import { objectSource, type readSourceWith, type SourceFile } from './source.ts';

export * from './config-types.ts';
export { resolveTarget } from './target.ts';
export { urlProblem } from './check-config.ts';

export interface ParsedConfig {
  /** null when there is any error. */
  readonly config: Config | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param read - the source of the config file with the diagnostics of reading it
 * @param rules - ids of all rules; null: those that are named are not looked up
 */
export function readConfig(
  { source, diagnostics }: ReturnType<typeof readSourceWith>,
  file: string,
  rules: ReadonlySet<string> | null = null,
): ParsedConfig {
  if (source !== null) return configOfSource(source, diagnostics, rules);
  // An empty config is a config; an empty contract promises nothing.
  const empty = diagnostics.every(({ code }) => code === 'contract/empty');
  return empty
    ? { config: { ...NO_CONFIG, file }, diagnostics: [] }
    : { config: null, diagnostics: diagnostics.map(asConfig) };
}

/** A config that came as an object; `text`: of the script that made it, to find places in. */
export function parseConfigObject(
  value: Json,
  file: string,
  rules: ReadonlySet<string> | null = null,
  text = '',
): ParsedConfig {
  return configOfSource(objectSource(value, file, text), [], rules);
}

/** Codes say which file is wrong: `config/unknown-member`. */
function asConfig(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, code: diagnostic.code.replace(/^contract\//, 'config/') };
}

function configOfSource(
  source: SourceFile,
  before: readonly Diagnostic[],
  rules: ReadonlySet<string> | null,
): ParsedConfig {
  const shape = checkShape(configShape, source.value, (pointer) => source.written(pointer)?.text ?? null);
  const problems: Problems = [...shape.problems];
  const config = shape.value === undefined ? null : normaliseConfig(shape.value, source, problems);
  for (const { written, pointer } of shape.types) {
    for (const lint of schemaLint(written, EMPTY_SCOPE)) {
      const make = lint.severity === 'error' ? error : warning;
      problems.push({
        ...make(lint.code, pointer + lint.pointer, lint.message, { fix: lint.fix ?? null, see: 'config' }),
        code: lint.code,
      });
    }
  }
  if (config !== null) checkConfig(config, problems, rules);

  const secrets = findSecrets(source.text).map(({ what, start, end, masked }): Diagnostic => ({
    code: 'config/literal-secret',
    severity: 'warning',
    message: `this looks like ${what}: ${masked}`,
    at: source.rangeAt({ start, end }),
    fix: 'read it from the environment: `${env.NAME}`',
    see: 'docs/contract-format.md#config',
    related: [],
  }));
  const found = problems.map((problem) => asConfig(toDiagnostic(problem, source)));
  const diagnostics = [...before.map(asConfig), ...[...found, ...secrets].toSorted(byPlace)];
  return { config: diagnostics.some(({ severity }) => severity === 'error') ? null : config, diagnostics };
}

function normaliseConfig(written: ConfigSource, source: SourceFile, problems: Problems): Config {
  const target = written.target ?? null;
  return {
    file: source.file,
    contracts: written.contracts?.filter((glob) => glob !== null) ?? DEFAULT_CONTRACTS,
    target: target === MOCK_TARGET ? null : target,
    targets: new Map(Object.entries(written.targets ?? {}).map(([name, own]) => [name, targetOf(name, own)])),
    dialects: dialectsOf(written.dialects ?? {}, problems),
    vars: new Map(Object.entries(written.vars ?? {})),
    waived: (written.waived ?? []).flatMap((waiver, index) =>
      waiver === null
        ? []
        : [
            {
              case: waiver.case ?? null,
              rule: waiver.rule ?? null,
              target: waiver.target ?? null,
              reason: waiver.reason,
              until: waiver.until,
              pointer: `/waived/${index}`,
            },
          ],
    ),
    timeoutMs: written.timeout === undefined ? null : durationMs(written.timeout),
  };
}

function targetOf(name: string, written: TargetSource): Target {
  return {
    name,
    baseUrl: written.baseUrl ?? null,
    dialect: written.dialect ?? null,
    protocol: written.protocol ?? null,
    auth: written.auth === undefined ? null : authOf(written.auth),
    headers: headerValuesOf(written.headers),
    vars: new Map(Object.entries(written.vars ?? {})),
    writes: written.writes ?? false,
    seeded: written.seeded ?? false,
    tls:
      written.tls === undefined
        ? null
        : {
            ca: written.tls.ca ?? null,
            cert: written.tls.cert ?? null,
            key: written.tls.key ?? null,
            passphrase: written.tls.passphrase ?? null,
            insecure: written.tls.insecure ?? false,
          },
    proxy: written.proxy ?? null,
  };
}

function authOf({ bearer, basic, oauth2 }: NonNullable<TargetSource['auth']>): TargetAuth | null {
  if (bearer !== undefined) return { bearer };
  if (basic !== undefined) return { basic: { user: basic.user, password: basic.password } };
  if (oauth2 === undefined) return null;
  const { tokenUrl, clientId, clientSecret, scope, refreshToken } = oauth2;
  return {
    oauth2: {
      tokenUrl,
      clientId,
      clientSecret,
      ...(scope === undefined ? {} : { scope }),
      ...(refreshToken === undefined ? {} : { refreshToken }),
    },
  };
}
