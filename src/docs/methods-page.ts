/** `docs/methods.md`: the fourteen request methods as one page, made from their table, the routing and the dialects. */
import { DIALECTS, methodHeaderLevel } from '../protocol/dialects.ts';
import { REQUEST_ENVELOPES, RESPONSE_ENVELOPES } from '../protocol/envelopes.ts';
import { METHOD_NAMES, profileOf, type Level, type MethodName, type MethodProfile } from '../protocol/methods.ts';
import { NO_ROUTING_PARAMETERS, route, ROUTING_PARAMETERS, type RoutingFacts } from '../protocol/route.ts';

const VERBS = ['GET', 'POST', 'PUT', 'DELETE'];
const LEVELS: readonly Level[] = ['collection', 'entity'];

/** @returns the whole page, the same text for the same tables */
export function methodsMarkdown(): string {
  const parts = [
    '<!-- Made by `npm run docs` from src/protocol. -->',
    '',
    '# Request methods',
    '',
    'Verb, level of the path, one query parameter and the header `X-RestLi-Method` decide together which method a request',
    'is. A request that loses one of them does not fail: it becomes another method.',
    '',
    ...table(
      ['method', 'verb', 'path', 'parameter', 'sends', 'success', 'answers', 'resources'],
      METHOD_NAMES.map(overviewOf),
    ),
    '## What a request is',
    '',
    'Without the header the server takes the method named here; with it, the header must name that method (or the one after',
    '"or"), in any case. Every other combination is answered 400.',
    '',
    ...table(['verb', 'level', 'parameter', 'method'], routingRows()),
    ...METHOD_NAMES.flatMap(sectionOf),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function overviewOf(method: MethodName): readonly string[] {
  const { verb, at, parameter, sends, ok, returns, kinds } = profileOf(method);
  return [
    `[${method}](#${method.toLowerCase()})`,
    verb,
    pathOf(at),
    parameter === 'none' ? '' : `\`${parameter}\``,
    REQUEST_ENVELOPES[sends].doc,
    ok.join(', '),
    RESPONSE_ENVELOPES[returns].doc,
    kinds.join(', '),
  ];
}

function pathOf(at: MethodProfile['at']): string {
  return at === 'entity' ? '`/r/{key}`' : at === 'collection' ? '`/r`' : '`/r` or `/r/{key}`';
}

function routingRows(): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (const verb of VERBS) {
    for (const level of LEVELS) {
      for (const parameter of ['none', ...ROUTING_PARAMETERS] as const) {
        const parameters =
          parameter === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [parameter]: true };
        const reached = reachedBy({ verb, level, parameters, header: null });
        if (reached === null) continue;
        const others = METHOD_NAMES.filter(
          (name) => name !== reached && reachedBy({ verb, level, parameters, header: name }) === name,
        );
        rows.push([verb, level, parameter === 'none' ? '' : `\`${parameter}\``, [reached, ...others].join(' or ')]);
      }
    }
  }
  return rows;
}

function reachedBy(facts: RoutingFacts): MethodName | null {
  const routed = route(facts);
  return 'method' in routed ? routed.method : null;
}

function sectionOf(method: MethodName): readonly string[] {
  const profile = profileOf(method);
  return [
    `## ${method}`,
    '',
    `- Request: \`${profile.verb} ${requestLineOf(profile)}\``,
    `- Body: ${REQUEST_ENVELOPES[profile.sends].doc}`,
    `- Success: ${profile.ok.join(', ')}; ${RESPONSE_ENVELOPES[profile.returns].doc}`,
    `- Effect: ${EFFECTS[profile.effect]}`,
    ...(profile.batchOf === null ? [] : [`- Many at once of: [${profile.batchOf}](#${profile.batchOf.toLowerCase()})`]),
    ...(profile.named ? ['- Declared by name'] : []),
    ...(profile.mayReturnEntity ? ['- May answer the entity that it wrote (`$returnEntity`)'] : []),
    ...(profile.projects ? ['- Projects its entities (`fields`)'] : []),
    `- Resources: ${profile.kinds.join(', ')}`,
    `- Header: ${headerText(method)}`,
    '',
    ...slipsOf(method, profile),
  ];
}

function requestLineOf({ at, parameter }: MethodProfile): string {
  const path = at === 'collection' ? '/r' : '/r/{key}';
  if (parameter === 'none') return path;
  return `${path}?${parameter}=${parameter === 'ids' ? 'List(…)' : 'name'}`;
}

const EFFECTS: Readonly<Record<MethodProfile['effect'], string>> = {
  reads: 'changes nothing',
  creates: 'stores a new entity',
  replaces: 'replaces the whole entity',
  patches: 'changes members of the entity',
  removes: 'removes the entity',
  acts: 'whatever the action does',
};

function headerText(method: MethodName): string {
  const levels = Object.values(DIALECTS).map((dialect) => `${methodHeaderLevel(dialect, method)} in ${dialect.name}`);
  const without = reachedBy(factsOf(method, null));
  const lost =
    without === method ? 'without it the method is the same' : `without it the request is ${without ?? 'refused'}`;
  return `${levels.join(', ')}; ${lost}`;
}

function factsOf(method: MethodName, header: string | null): RoutingFacts {
  const { verb, at, parameter } = profileOf(method);
  const parameters = parameter === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [parameter]: true };
  return { verb, level: at === 'collection' ? 'collection' : 'entity', parameters, header };
}

/** What each single fault makes of the request, with the header and without. */
function slipsOf(method: MethodName, profile: MethodProfile): readonly string[] {
  const right = factsOf(method, method);
  const faults: readonly (readonly [string, RoutingFacts])[] = [
    ...VERBS.filter((verb) => verb !== profile.verb).map((verb) => [`sent by ${verb}`, { ...right, verb }] as const),
    [
      right.level === 'entity' ? 'key lost' : 'key added',
      { ...right, level: right.level === 'entity' ? 'collection' : 'entity' },
    ],
    ...(profile.parameter === 'none'
      ? []
      : [[`\`${profile.parameter}\` lost`, { ...right, parameters: NO_ROUTING_PARAMETERS }] as const]),
  ];
  return table(
    ['fault', 'without the header', 'with it'],
    faults.map(([name, facts]) => [name, reachedBy({ ...facts, header: null }) ?? '400', reachedBy(facts) ?? '400']),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row), ''];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
