/**
 * Laws of actions. What an action does is its own affair, and so is what it answers; owed is how it takes its parameters,
 * and that one which is said to write nothing does not.
 */
import type { Operation } from '../contract/contract.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import type { MethodProfile } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { differences, isSuccess, told } from './compare.ts';
import type { Blocked, Law, LawFacts, Probe } from './law.ts';
import { reads, vary } from './probe.ts';
import { sameAnswers } from './same-answers.ts';

export const ACTION_LAWS: readonly Law[] = [
  {
    rule: 'laws/read-only-action-writes-nothing',
    appliesTo: isReadOnlyAction,
    probe: observed,
    check: ([first, before, acted, after]) => {
      const rule = 'laws/read-only-action-writes-nothing';
      if (first === undefined || before === undefined || acted === undefined || after === undefined) return [];
      // What changes from one reading to the next without the action is not its doing.
      const isStill = isSuccess(first) && differences(first.contract, first.body, before.body).length === 0;
      if (!isStill || !isSuccess(before)) return [];
      if (!isSuccess(after)) {
        return [
          {
            rule,
            exchange: 3,
            pointer: null,
            expected: `${before.status} again`,
            actual: `${after.status}`,
            message: 'The entity is not found after an action that is declared `readOnly`.',
          },
        ];
      }
      return told(
        rule,
        3,
        '',
        differences(after.contract, before.body, after.body),
        'An action that is declared `readOnly` changes the entity',
      );
    },
  },
  {
    rule: 'laws/action-parameters-have-no-order',
    appliesTo: isReadOnlyAction,
    probe: (facts) => {
      const params = paramsOf(facts);
      if (params === null || 'blocked' in params) return params;
      const whole = { ...params.sent, ...params.defaults };
      const reversed = inReverse(whole);
      if (stringifyJson(whole) === stringifyJson(reversed)) return null;
      return vary(facts, [
        { name: 'asks', change: { params: whole } },
        { name: 'asks with its parameters in reverse', change: { params: reversed } },
      ]);
    },
    check: (trace) =>
      sameAnswers('laws/action-parameters-have-no-order', trace, 'The action with its parameters in another order'),
  },
  {
    rule: 'laws/action-defaults-stand-in',
    appliesTo: isReadOnlyAction,
    probe: (facts) => {
      const params = paramsOf(facts);
      if (params === null || 'blocked' in params) return params;
      const names = Object.keys(params.defaults);
      if (names.length === 0) return null;
      return vary(facts, [
        {
          name: `asks with the default of ${names.join(', ')}`,
          change: { params: { ...params.sent, ...params.defaults } },
        },
        { name: `asks without ${names.join(', ')}`, change: { params: params.sent } },
      ]);
    },
    check: (trace) =>
      sameAnswers('laws/action-defaults-stand-in', trace, 'The action without the parameters that have a default'),
  },
  {
    rule: 'laws/action-needs-no-body',
    appliesTo: isReadOnlyAction,
    probe: (facts) => {
      const { params, request } = facts.operation;
      if (request.body !== null || [...params.values()].some(({ required }) => required)) return null;
      return vary(facts, [
        { name: 'asks with an empty body', change: { params: {}, tunnel: false } },
        { name: 'asks without a body', change: { params: {}, tunnel: false }, rewrite: withoutBody },
      ]);
    },
    check: (trace) => sameAnswers('laws/action-needs-no-body', trace, 'The action without a body'),
  },
];

function isReadOnlyAction({ effect }: MethodProfile, { readOnly }: Operation): boolean {
  return effect === 'acts' && readOnly;
}

/** Reads an entity twice, acts, and reads it again: the one acted on; of an action on the whole resource any. */
function observed(facts: LawFacts): Probe | Blocked | null {
  const reader = facts.find('GET');
  if (reader === null || reader.projection === 'required') return null;
  const basis = facts.basis();
  if ('blocked' in basis) return basis;

  const { operation } = facts;
  const acts = { name: 'acts', operation, spec: basis.spec, expects: 'success' as const };
  const isOnEntity = operation.level === 'entity';
  const seen = isOnEntity ? basis : facts.material('reads');
  if ('blocked' in seen) return seen;
  const [key, parents] = 'spec' in seen ? [seen.spec.key, seen.spec.parents] : [seen.keys[0], seen.parents];
  return {
    setup: isOnEntity ? basis.setup : [...basis.setup, ...seen.setup],
    steps: [
      reads({ reader, parents }, key, 'reads it'),
      reads({ reader, parents }, key, 'reads it again'),
      acts,
      reads({ reader, parents }, key),
    ],
  };
}

/** `defaults`: of the parameters that have one. `sent`: the others, as far as the plain request sends them. */
interface ActionParams {
  readonly sent: JsonObject;
  readonly defaults: JsonObject;
}

/** null where the contract has another body than the parameters. */
function paramsOf(facts: LawFacts): ActionParams | Blocked | null {
  const { request, params } = facts.operation;
  if (request.body !== null) return null;
  const basis = facts.basis();
  if ('blocked' in basis) return basis;
  const defaults = [...params.values()].flatMap(({ name, default: usual }): (readonly [string, Json])[] =>
    usual === undefined ? [] : [[name, usual]],
  );
  const hasDefault = new Set(defaults.map(([name]) => name));
  return {
    sent: jsonObject(Object.entries(basis.spec.params ?? {}).filter(([name]) => !hasDefault.has(name))),
    defaults: jsonObject(defaults),
  };
}

/** The same value, the members of each record in reverse; lists keep their order. */
function inReverse(value: JsonObject): JsonObject;
function inReverse(value: Json): Json;
function inReverse(value: Json): Json {
  if (isJsonArray(value)) return value.map((item) => inReverse(item));
  if (!isJsonObject(value)) return value;
  return jsonObject(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, inReverse(member)] as const),
  );
}

/** A request that travels in a tunnel has a body that is not its own. */
function withoutBody(request: HttpRequest): HttpRequest {
  if (request.headers.some(([name]) => isSameHeader(name, HEADERS.override))) return request;
  return {
    ...request,
    body: null,
    headers: request.headers.filter(([name]) => !isSameHeader(name, HEADERS.contentType)),
  };
}
