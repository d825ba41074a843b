/** What a config means: names that exist, URLs that can be called, days of the calendar. */
import { checkHeaders, checkNoMethodHeader } from './check-headers.ts';
import type { Checking } from './checking.ts';
import { error, type Problems } from './problem.ts';
import { nearest } from './suggest.ts';
import { unknownRule } from './check-rules.ts';
import { MOCK_TARGET, type Config, type Target } from './config-types.ts';

export function checkConfig(config: Config, problems: Problems, rules: ReadonlySet<string> | null): void {
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
    if (waiver.rule !== null && rules !== null && !rules.has(waiver.rule))
      problems.push(unknownRule(waiver.rule, `${waiver.pointer}/rule`, 'value', rules));
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
  const telling: { error: Checking['error'] } = {
    error: (code, pointer, message, options) => problems.push(error(code, pointer, message, options)),
  };
  checkHeaders(telling, target.headers, `${at}/headers`);
  checkNoMethodHeader(telling, target.headers, `${at}/headers`);
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
