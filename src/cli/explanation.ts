/** Pages of `explain`, made from the catalogue of rules and the table of methods. Pure. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { DIALECTS } from '../protocol/dialects.ts';
import { isMethodName, METHOD_NAMES, profileOf, type MethodName } from '../protocol/methods.ts';
import { route, NO_ROUTING_PARAMETERS } from '../protocol/route.ts';
import { exampleLines, isSequence, RULES, type Rule } from '../rules/index.ts';

/** @returns the page of a rule, of a family of rules or of a method; or what is wrong with the question */
export function explain(what: string): string | { readonly problem: string } {
  const rule = RULES.get(what);
  if (rule !== undefined) return rulePage(rule);

  const method = what.toUpperCase().replaceAll('-', '_');
  if (isMethodName(method)) return methodPage(method);

  const family = [...RULES.values()].filter(({ id }) => id.startsWith(`${what.replace(/\/$/, '')}/`));
  if (family.length > 0) return listOf(family);

  const near = didYouMean(what, [...RULES.keys(), ...METHOD_NAMES]) ?? didYouMean(method, METHOD_NAMES);
  const hint = near === null ? 'restli-contract explain lists all of them' : `did you mean \`${near}\`?`;
  return { problem: `there is no rule and no request method \`${what}\`; ${hint}` };
}

/** Everything that can be explained, a line each. */
export function overview(): string {
  return `Request methods: ${METHOD_NAMES.join(', ')}\n\nRules:\n${listOf([...RULES.values()])}`;
}

function listOf(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.map(({ id, level, title }) => `  ${id.padEnd(width)}  ${level.padEnd(6)}  ${title}\n`).join('');
}

function rulePage(rule: Rule): string {
  const { id, level, levelIn, title, why, consequence, fix, source, keeps, breaks } = rule;
  const levels = [
    level,
    ...Object.entries(levelIn ?? {}).map(([dialect, other]) => `${other} in dialect ${dialect}`),
  ].join('; ');
  return [
    `${id}: ${title}`,
    `level   ${levels}`,
    `why     ${why}`,
    `broken  ${consequence}`,
    `fix     ${fix}`,
    `source  ${source.text}${source.url === undefined ? '' : ` (${source.url})`}`,
    '',
    isSequence(keeps) ? 'Exchanges that keep it, without their usual headers:' : 'An exchange that keeps it:',
    ...exampleLines(keeps).map(indented),
    '',
    isSequence(breaks) ? 'Exchanges that break it:' : 'One that breaks it:',
    ...exampleLines(breaks).map(indented),
    '',
  ].join('\n');
}

function indented(line: string): string {
  return `  ${line}`.trimEnd();
}

/** Words for the columns of the method table. */
const LEVELS: Readonly<Record<string, string>> = {
  entity: '/resource/{key}',
  collection: '/resource',
  either: '/resource or /resource/{key}',
};
const ALL_PARAMETERS = ['ids', 'q', 'bq', 'action'] as const;

function methodPage(method: MethodName): string {
  const profile = profileOf(method);
  const { verb, at, parameter, sends, returns, ok, kinds, batchOf, effect, projects, mayReturnEntity } = profile;
  const query = parameter === 'none' ? '' : `?${parameter}=…`;
  const without = withoutHeader(method);
  const dialects = Object.values(DIALECTS).map(({ name, methodHeader }) => `${name}: ${methodHeader[method] ?? 'may'}`);
  return [
    `${method}: ${verb} ${LEVELS[at]}${query}`,
    `resources  ${kinds.join(', ')}`,
    `does       ${effect}${batchOf === null ? '' : `, many at once of what ${batchOf} does`}`,
    `sends      ${sends === 'none' ? 'no body' : `the ${sends} envelope`}`,
    `answers    ${ok.join(' or ')} with ${returns === 'none' ? 'no body' : `the ${returns} envelope`}`,
    `takes      ${[projects ? 'fields' : null, mayReturnEntity ? '$returnEntity' : null].filter((one) => one !== null).join(', ') || 'no parameter of the protocol besides'}`,
    `header     X-RestLi-Method: ${method} (${dialects.join('; ')})`,
    without === method
      ? 'lost       without the header the same method is reached'
      : `lost       without the header ${without === null ? 'no method is reached: 400' : `${without} is reached, silently`}`,
    '',
    'What a single slip turns it into:',
    ...slips(method).map(([slip, result]) => `  ${slip.padEnd(28)}${result}`),
    '',
  ].join('\n');
}

function withoutHeader(method: MethodName): MethodName | null {
  const { verb, at, parameter } = profileOf(method);
  const routed = route({
    verb,
    level: at === 'entity' ? 'entity' : 'collection',
    parameters: only(parameter),
    header: null,
  });
  return 'method' in routed ? routed.method : null;
}

/** Each part of the request changed by itself, with the header and without. */
function slips(method: MethodName): readonly (readonly [string, string])[] {
  const { verb, at, parameter } = profileOf(method);
  const level = at === 'entity' ? 'entity' : 'collection';
  const rows: (readonly [string, string])[] = [];
  const add = (slip: string, facts: Partial<Parameters<typeof route>[0]>): void => {
    for (const header of [method, null]) {
      const routed = route({ verb, level, parameters: only(parameter), header, ...facts });
      const result = 'method' in routed ? (routed.method === method ? 'the same' : routed.method) : `${routed.status}`;
      rows.push([`${slip}, ${header === null ? 'no header' : 'header'}`, result]);
    }
  };
  if (level === 'entity') add('key lost', { level: 'collection' });
  else add('key added', { level: 'entity' });
  if (parameter !== 'none') add(`${parameter} lost`, { parameters: NO_ROUTING_PARAMETERS });
  for (const other of ['GET', 'POST', 'PUT', 'DELETE'].filter((one) => one !== verb))
    add(`verb ${other}`, { verb: other });
  return rows;
}

function only(parameter: string): typeof NO_ROUTING_PARAMETERS {
  const present = Object.fromEntries(ALL_PARAMETERS.map((name) => [name, name === parameter]));
  return { ...NO_ROUTING_PARAMETERS, ...present };
}
