/**
 * The config file: text -> Config, or every reason why it is none. Values still hold their `${variables}`: those of a
 * target are put in when it is chosen, so that a token which only production needs is not asked for elsewhere.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import {
  DIALECTS,
  extendDialect,
  type Dialect,
  type DialectError,
  type DialectHeader,
  type DialectOverrides,
  type ProtocolVersion,
} from '../protocol/dialects.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { schemaLint } from '../schema/lint.ts';
import { EMPTY_SCOPE, schemaOf } from '../schema/types.ts';
import { checkHeaders } from './check-headers.ts';
import type { HeaderValues } from './contract.ts';
import { headerValuesOf, optionalName } from './fields.ts';
import { configShape, type ConfigSource, type DialectSource, type TargetSource } from './format-config.ts';
import { interpolate, scopeOf, variablesIn } from './interpolate.ts';
import { durationMs } from './normalise-cases.ts';
import { byPlace, error, toDiagnostic, warning, type Problems } from './problem.ts';
import { findSecrets } from './secrets.ts';
import { checkShape } from './shape-check.ts';
import { objectSource, readSource, type SourceFile } from './source.ts';
import { nearest } from './suggest.ts';

export interface Config {
  /** null: there is no file. */
  readonly file: string | null;
  /** Globs of contract files, relative to the config's folder. */
  readonly contracts: readonly string[];
  /** Target when none is named; null: the embedded endpoint. */
  readonly target: string | null;
  readonly targets: ReadonlyMap<string, Target>;
  /** Built in and own, by name. */
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly vars: ReadonlyMap<string, Json>;
  readonly waived: readonly WaiverSource[];
  readonly timeoutMs: number | null;
}

export interface Target {
  readonly name: string;
  /** null for a target that only carries settings of the embedded endpoint. */
  readonly baseUrl: string | null;
  /** Replaces the contracts'. */
  readonly dialect: string | null;
  readonly protocol: ProtocolVersion | null;
  readonly auth: TargetAuth | null;
  readonly headers: HeaderValues;
  readonly vars: ReadonlyMap<string, Json>;
  /** Whether writes to a host that is not loopback are allowed. */
  readonly writes: boolean;
  /** Whether the examples of the contracts exist there. */
  readonly seeded: boolean;
  readonly tls: TargetTls | null;
  /** URL of a proxy; null: what the environment says. */
  readonly proxy: string | null;
}

export type TargetAuth =
  | { readonly bearer: string }
  | { readonly basic: { readonly user: string; readonly password: string } }
  | {
      readonly oauth2: {
        readonly tokenUrl: string;
        readonly clientId: string;
        readonly clientSecret: string;
        readonly scope?: string;
        readonly refreshToken?: string;
      };
    };

/** `ca`, `cert` and `key` are paths of PEM files, relative to the config's folder. */
export interface TargetTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly passphrase: string | null;
  readonly insecure: boolean;
}

/** A known defect: at least one of `case` (glob of ids) and `rule` is set. */
export interface WaiverSource {
  readonly case: string | null;
  readonly rule: string | null;
  readonly target: string | null;
  readonly reason: string;
  /** Last day on which it holds: `2027-01-31`. */
  readonly until: string;
  readonly pointer: string;
}

/** The name of the embedded endpoint among targets. */
export const MOCK_TARGET = 'mock';
export const DEFAULT_CONTRACTS: readonly string[] = ['contracts/**/*.contract.{yaml,json,ts}'];

/** What holds without a config file. */
export const NO_CONFIG: Config = {
  file: null,
  contracts: DEFAULT_CONTRACTS,
  target: null,
  targets: new Map(),
  dialects: new Map(Object.entries(DIALECTS)),
  vars: new Map(),
  waived: [],
  timeoutMs: null,
};

export interface ParsedConfig {
  /** null when there is any error. */
  readonly config: Config | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseConfig(text: string, file: string): ParsedConfig {
  const { source, diagnostics } = readSource(text, file);
  if (source !== null) return configOfSource(source, diagnostics);
  // An empty config is a config; an empty contract promises nothing.
  const empty = diagnostics.every(({ code }) => code === 'contract/empty');
  return empty
    ? { config: { ...NO_CONFIG, file }, diagnostics: [] }
    : { config: null, diagnostics: diagnostics.map(asConfig) };
}

/** The same for a config that came as an object. */
export function parseConfigObject(value: Json, file: string): ParsedConfig {
  return configOfSource(objectSource(value, file), []);
}

/** Codes say which file is wrong: `config/unknown-member`. */
function asConfig(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, code: diagnostic.code.replace(/^contract\//, 'config/') };
}

function configOfSource(source: SourceFile, before: readonly Diagnostic[]): ParsedConfig {
  const shape = checkShape(configShape, source.value, (pointer) => source.written(pointer)?.text ?? null);
  const problems: Problems = [...shape.problems];
  const config =
    shape.value === undefined ? null : normaliseConfig(shape.value as unknown as ConfigSource, source, problems);
  for (const { written, pointer } of shape.types) {
    for (const lint of schemaLint(written, EMPTY_SCOPE)) {
      const make = lint.severity === 'error' ? error : warning;
      problems.push({
        ...make(lint.code, pointer + lint.pointer, lint.message, { fix: lint.fix ?? null, see: 'config' }),
        code: lint.code,
      });
    }
  }
  if (config !== null) checkConfig(config, problems);

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

/** Own dialects in any order; one that extends another waits for it. */
function dialectsOf(
  written: Readonly<Record<string, DialectSource>>,
  problems: Problems,
): ReadonlyMap<string, Dialect> {
  const dialects = new Map<string, Dialect>(Object.entries(DIALECTS));
  const waiting = new Map(Object.entries(written));
  for (let progress = true; progress && waiting.size > 0;) {
    progress = false;
    for (const [name, own] of waiting) {
      const base = dialects.get(own.extends ?? 'restli');
      if (base === undefined) continue;
      dialects.set(name, { ...extendDialect(base, overridesOf(own)), name });
      waiting.delete(name);
      progress = true;
    }
  }
  for (const [name, own] of waiting) {
    const base = own.extends ?? 'restli';
    const circular = waiting.has(base);
    problems.push(
      error(
        'unknown-dialect',
        `/dialects/${name}/extends`,
        circular ? `\`${name}\` and \`${base}\` extend each other` : `there is no dialect \`${base}\` to extend`,
        {
          fix: (circular ? null : nearest(base, [...dialects.keys()])) ?? 'write `restli` or `linkedin`',
          see: 'config',
        },
      ),
    );
    dialects.set(name, { ...DIALECTS.restli, name });
  }
  return dialects;
}

function overridesOf(written: DialectSource): DialectOverrides {
  const [first, ...rest] = written.protocol ?? [];
  return {
    ...(written.doc === undefined ? {} : { doc: written.doc }),
    ...(written.methodHeader === undefined ? {} : { methodHeader: written.methodHeader }),
    ...(first === undefined ? {} : { protocol: [first, ...rest] as const }),
    ...(written.headers === undefined ? {} : { headers: dialectHeaders(written.headers) }),
    ...(written.bases === undefined ? {} : { bases: written.bases }),
    ...(written.unknownParams === undefined ? {} : { unknownParams: written.unknownParams }),
    ...(written.batchKeys === undefined ? {} : { batchKeys: written.batchKeys }),
    ...(written.error === undefined ? {} : { error: errorSchema(written.error) }),
    ...(written.errors === undefined ? {} : { errors: dialectErrors(written.errors) }),
    ...(written.limits === undefined ? {} : { limits: limitsOf(written.limits) }),
    ...(written.tunnelAbove === undefined ? {} : { tunnelAbove: written.tunnelAbove }),
    ...(written.cursor === undefined ? {} : { cursor: { ...DIALECTS.restli.cursor, ...defined(written.cursor) } }),
  };
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function limitsOf({ url, query, segment, head }: NonNullable<DialectSource['limits']>): Dialect['limits'] {
  return {
    ...(url === undefined ? {} : { url }),
    ...(query === undefined ? {} : { query }),
    ...(segment === undefined ? {} : { segment }),
    ...(head === undefined ? {} : { head }),
  };
}

function dialectHeaders(written: NonNullable<DialectSource['headers']>): readonly DialectHeader[] {
  return Object.entries(written).map(([text, type]) => {
    const { name, optional } = optionalName(text);
    const { json } = schemaOf(type, EMPTY_SCOPE);
    return { name, schema: headerSchema(json), required: !optional && type !== false, under: null, missing: null };
  });
}

/** A header is text: a schema that only says a pattern means a text of that pattern. */
function headerSchema(json: boolean | JsonObject): boolean | JsonObject {
  return typeof json === 'boolean' || json['type'] !== undefined ? json : { type: 'string', ...json };
}

function errorSchema(type: Json): JsonObject {
  const { json } = schemaOf(type, EMPTY_SCOPE);
  return isJsonObject(json) ? json : {};
}

function dialectErrors(written: NonNullable<DialectSource['errors']>): Dialect['errors'] {
  const errors: [string, readonly DialectError[]][] = [];
  for (const [status, held] of Object.entries(written)) {
    const list: readonly Json[] = Array.isArray(held) ? held : [held as Json];
    errors.push([
      status,
      list.map((item) => (typeof item === 'string' ? { doc: item } : dialectError(isJsonObject(item) ? item : {}))),
    ]);
  }
  return Object.fromEntries(errors);
}

function dialectError({ code, serviceErrorCode, message, doc }: JsonObject): DialectError {
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof serviceErrorCode === 'number' ? { serviceErrorCode } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof doc === 'string' ? { doc } : {}),
  };
}

function checkConfig(config: Config, problems: Problems): void {
  const targets = [...config.targets.keys(), MOCK_TARGET];
  const unknownTarget = (name: string, pointer: string): void => {
    problems.push(
      error('unknown-target', pointer, `there is no target \`${name}\``, {
        fix: nearest(name, targets) ?? `targets: ${targets.join(', ')}`,
        see: 'config',
      }),
    );
  };
  if (config.target !== null && !config.targets.has(config.target)) unknownTarget(config.target, '/target');

  for (const target of config.targets.values()) checkTarget(target, config, problems);
  for (const waiver of config.waived) {
    if (waiver.case === null && waiver.rule === null) {
      problems.push(
        error('waiver-of-nothing', waiver.pointer, 'a waiver names a `case`, a `rule`, or both', {
          fix: 'add `case: books/GET/**`',
          see: 'config',
        }),
      );
    }
    if (waiver.target !== null && !targets.includes(waiver.target))
      unknownTarget(waiver.target, `${waiver.pointer}/target`);
    if (!isDay(waiver.until)) {
      problems.push(
        error('bad-day', `${waiver.pointer}/until`, `\`${waiver.until}\` is not a day of the calendar`, {
          fix: 'write `2027-01-31`',
          see: 'config',
        }),
      );
    }
  }
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function checkTarget(target: Target, config: Config, problems: Problems): void {
  const at = `/targets/${target.name}`;
  if (target.name === MOCK_TARGET && target.baseUrl !== null) {
    problems.push(
      error('mock-with-url', `${at}/baseUrl`, '`mock` is the embedded endpoint; it has no URL of its own', {
        fix: 'name the target otherwise',
        see: 'config',
      }),
    );
  }
  if (target.name !== MOCK_TARGET && target.baseUrl === null) {
    problems.push(
      error('missing-member', at, 'a target needs `baseUrl`', {
        part: 'name',
        fix: 'add `baseUrl: https://…`',
        see: 'config',
      }),
    );
  }
  if (target.baseUrl !== null) checkUrl(target.baseUrl, `${at}/baseUrl`, problems);
  if (target.proxy !== null) checkUrl(target.proxy, `${at}/proxy`, problems, true);
  if (target.dialect !== null && !config.dialects.has(target.dialect)) {
    const names = [...config.dialects.keys()];
    problems.push(
      error('unknown-dialect', `${at}/dialect`, `there is no dialect \`${target.dialect}\``, {
        fix: nearest(target.dialect, names) ?? `dialects: ${names.join(', ')}`,
        see: 'config',
      }),
    );
  }
  if (target.tls !== null && (target.tls.cert === null) !== (target.tls.key === null)) {
    problems.push(
      error('tls-pair', `${at}/tls`, 'a client certificate needs both `cert` and `key`', {
        part: 'name',
        fix: 'add the other one',
        see: 'config',
      }),
    );
  }
  checkHeaders(
    { error: (code, pointer, message, options) => problems.push(error(code, pointer, message, options)) },
    target.headers,
    `${at}/headers`,
  );
}

/** The form of a URL that requests can be sent to; one that holds variables is looked at when they are known. */
function checkUrl(text: string, pointer: string, problems: Problems, credentials = false): void {
  const why = text.includes('${') ? null : urlProblem(text, credentials);
  if (why !== null) problems.push(error('bad-url', pointer, why, { fix: 'write `https://host/base`', see: 'config' }));
}

/** Why a text cannot be the base of requests; credentials in it are never repeated. */
export function urlProblem(text: string, credentials = false): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `not a URL: ${JSON.stringify(text.replace(/\/\/[^/@]*@/, '//***@').slice(0, 200))}`;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `\`${url.protocol}\` is not http or https`;
  if (!credentials && (url.username !== '' || url.password !== '')) return 'a URL holds no credentials; write `auth`';
  if (url.search !== '' || url.hash !== '') return 'a base URL has no query and no fragment';
  return null;
}

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
    ...(rest as unknown as JsonObject),
    headers: [...headers].map(([name, value]) => [name, value]),
  };
  const filled = interpolate(plain, scope);
  if ('value' in filled && isJsonObject(filled.value)) {
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
