/** Flags and config -> the endpoint of a run: target, headers, variables, and how it is reached. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MOCK_TARGET, resolveTarget, urlProblem, type Config, type Target } from '../contract/config.ts';
import type { HeaderValues } from '../contract/contract.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { parseJson, type Json } from '../protocol/json.ts';
import { EMBEDDED_TARGET, type Target as RunTarget } from '../run/options.ts';
import type { Redactor } from '../transport/redact.ts';
import { isSecretField, isSecretHeader } from '../transport/secret-names.ts';
import type { WireOptions } from '../transport/wire-options.ts';
import type { EndpointFlags } from './selection-flags.ts';

export interface EndpointSettings {
  readonly target: RunTarget;
  readonly headers: HeaderValues;
  readonly vars: ReadonlyMap<string, Json>;
  readonly wire: WireOptions;
  /** Worth a line on standard error. */
  readonly warnings: readonly string[];
}

export interface TransportFlags {
  readonly timeout?: number;
  readonly connectTimeout?: number;
  readonly insecure?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly proxy?: string;
}

export interface EndpointSources {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly redactor: Redactor;
}

/** The endpoint that flags and config mean; else what is wrong: a sentence, or diagnostics. */
export function endpointOf(
  flags: EndpointFlags & TransportFlags,
  { config, env, redactor }: EndpointSources,
): EndpointSettings | string | readonly Diagnostic[] {
  const warnings: string[] = [];
  const vars = variablesOf(flags.var ?? [], redactor, warnings);
  const headers = headersOf(flags.header ?? [], redactor, warnings);
  const chosen = chosenTarget(flags, config);
  if (typeof chosen === 'string') return chosen;

  const read: string[] = [];
  const resolved = resolveTarget(chosen, config, { env, vars, onEnv: (_, value) => void read.push(value) });
  const baseUrl = 'diagnostics' in resolved ? null : resolved.target.baseUrl;
  for (const value of read) if (!isPlainBase(value, baseUrl)) redactor.addValue(value);
  if ('diagnostics' in resolved) return resolved.diagnostics;
  const { target } = resolved;
  const problem = target.baseUrl === null ? null : urlProblem(target.baseUrl);
  if (problem !== null) return `the base URL of target \`${target.name}\`: ${problem}`;
  const dialect = flags.dialect ?? target.dialect;
  if (dialect !== null && !config.dialects.has(dialect)) return unknown('dialect', dialect, config.dialects);

  const wire = wireOf(flags, target, config, env);
  if (typeof wire === 'string') return wire;
  return {
    target: {
      ...target,
      baseUrl: target.baseUrl?.replace(/\/+$/, '') ?? null,
      dialect,
      protocol: flags.protocol ?? target.protocol,
    },
    headers,
    vars,
    wire,
    warnings,
  };
}

/** Where the service is, is no secret, though it be read from the environment: without it no report says what was tested. */
function isPlainBase(value: string, baseUrl: string | null): boolean {
  return baseUrl?.startsWith(value) === true && /^https?:\/\/[^/?#@]+(?:\/[^?#@]*)?$/i.test(value);
}

function chosenTarget({ baseUrl, target: name }: EndpointFlags, config: Config): Target | string {
  const plain: Target = { ...EMBEDDED_TARGET, tls: null, proxy: null };
  const wanted = name ?? (baseUrl === undefined ? config.target : null);
  const known = wanted === null ? undefined : config.targets.get(wanted);
  if (wanted !== null && wanted !== MOCK_TARGET && known === undefined) {
    return unknown('target', wanted, new Map([...config.targets, [MOCK_TARGET, plain]]));
  }
  if (baseUrl === undefined) {
    if (wanted === null || wanted === MOCK_TARGET)
      return { ...(config.targets.get(MOCK_TARGET) ?? plain), baseUrl: null, writes: true, seeded: true };
    return known ?? plain;
  }
  if (wanted === MOCK_TARGET) return 'the target `mock` is the embedded endpoint; leave out --base-url or --target';
  return known === undefined
    ? { ...plain, name: 'base-url', baseUrl, writes: false, seeded: false }
    : { ...known, baseUrl };
}

function unknown(what: string, name: string, known: ReadonlyMap<string, unknown>): string {
  const near = didYouMean(name, known.keys());
  const hint = near === null ? `known: ${[...known.keys()].join(', ')}` : `did you mean \`${near}\`?`;
  return `there is no ${what} \`${name}\`; ${hint}`;
}

function variablesOf(texts: readonly string[], redactor: Redactor, warnings: string[]): ReadonlyMap<string, Json> {
  const vars = new Map<string, Json>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = text.slice(0, equals);
    const value = text.slice(equals + 1);
    if (isSecretField(name)) {
      redactor.addValue(value);
      warnings.push(
        `the variable ${name} looks like a secret; others on this machine can read command lines: use \${env.NAME}`,
      );
    }
    vars.set(name, typed(value));
  }
  return vars;
}

/** Numbers and booleans keep their type, all else is text; `007` and `1e3` are text, too. */
function typed(text: string): Json {
  if (!/^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false)$/.test(text)) return text;
  const parsed = parseJson(text);
  return 'problem' in parsed ? text : parsed.value;
}

function headersOf(lines: readonly string[], redactor: Redactor, warnings: string[]): HeaderValues {
  const headers = new Map<string, string | readonly string[] | null>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (value !== '' && isSecretHeader(name)) {
      for (const part of [value, value.replace(/^\w+ /, '')]) redactor.addValue(part);
      warnings.push(
        `the header ${name} holds a secret; others on this machine can read command lines: put it into a target, from the environment`,
      );
    }
    const before = headers.get(name) ?? null;
    if (value === '') headers.set(name, null);
    else if (before === null) headers.set(name, value);
    else headers.set(name, [...(typeof before === 'string' ? [before] : before), value]);
  }
  return headers;
}

function wireOf(
  flags: TransportFlags,
  { tls, proxy }: Target,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): WireOptions | string {
  const folder = config.file === null ? '.' : dirname(config.file);
  const files: Partial<Record<'ca' | 'cert' | 'key', string>> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const flag = flags[name];
    const configured = tls?.[name] ?? null;
    const path = flag ?? (configured === null ? null : resolve(folder, configured));
    if (path === null) continue;
    try {
      files[name] = readFileSync(path, 'utf8');
    } catch {
      return `the ${name} file ${path} cannot be read`;
    }
  }
  if ((files.cert === undefined) !== (files.key === undefined))
    return 'a client certificate needs both --cert and --key';

  const insecure = flags.insecure === true || tls?.insecure === true;
  const through = flags.proxy ?? proxy;
  const totalMs = flags.timeout ?? config.timeoutMs ?? null;
  return {
    env,
    tls: { ...files, insecure, ...(typeof tls?.passphrase === 'string' ? { passphrase: tls.passphrase } : {}) },
    ...(through === null ? {} : { proxy: { url: through } }),
    // The phases end no later than the whole.
    ...(totalMs === null ? {} : { totalTimeoutMs: totalMs, headersTimeoutMs: totalMs, bodyTimeoutMs: totalMs }),
    ...(flags.connectTimeout === undefined ? {} : { connectTimeoutMs: flags.connectTimeout }),
  };
}
