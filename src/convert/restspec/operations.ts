/** The methods, finders, batch finders and actions of a resource as the `methods` of its contract. */
import {
  isMethodName,
  METHOD_NAMES,
  profileOf,
  type MethodName,
  type RoutingParameter,
} from '../../protocol/methods.ts';
import { RESOURCE_KINDS } from '../../protocol/resources.ts';
import { isProtocolParameter } from '../../protocol/route.ts';
import { jsonObject, type JsonObject } from '../../protocol/json.ts';
import type { DataType, NamedType } from '../data-schema.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import { batchSizeOf } from './batch-size.ts';
import { criteriaOf } from './criteria.ts';
import { deprecationOf, docOf } from './documentation.ts';
import { linkToFinders } from './linked-finders.ts';
import { members, type Member } from './members.ts';
import { misplacedOn } from './misplaced.ts';
import { isAtEntity, pathKeys } from './path-keys.ts';
import { parameterMap, readParameter, type Parameter } from './parameters.ts';
import { typeOfText, type ResourceSpec } from './resource.ts';
import { errorsOf, successOf } from './responses.ts';
import type { ContractTypes } from './types.ts';

/** Method -> what the contract says of it; for named ones name -> that. In the order of the documents. */
export type Operations = ReadonlyMap<MethodName, JsonObject>;

/** What contracts take as names of finders and actions, and of parameters. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PARAMETER = /^[A-Za-z_$][A-Za-z0-9_.$-]*$/;

export class OperationsReader {
  readonly #spec: ResourceSpec;
  readonly #types: ContractTypes;
  readonly #declared: NamedType[];

  constructor(spec: ResourceSpec, types: ContractTypes, declared: NamedType[]) {
    this.#spec = spec;
    this.#types = types;
    this.#declared = declared;
  }

  read(): Operations {
    const found = new Map<MethodName, JsonObject>(this.#plain());
    const { facet } = this.#spec;
    const finders = this.#named('q', 'finders', facet.get('finders'), (node) => this.#list(node, methodOf('q')));
    const batches = this.#named('bq', 'batchFinders', facet.get('batchFinders'), (node) => this.#batchFinder(node));
    const actions = this.#actions();
    if (finders !== null) found.set(methodOf('q'), finders);
    const links = linkToFinders(batches ?? {}, finders, facet, (one) => this.#types.note(one));
    if (batches !== null) found.set(methodOf('bq'), links);
    if (actions !== null) found.set(methodOf('action'), actions);
    return new Map(
      METHOD_NAMES.flatMap((name): [MethodName, JsonObject][] =>
        found.has(name) ? [[name, found.get(name) ?? {}]] : [],
      ),
    );
  }

  #plain(): readonly (readonly [MethodName, JsonObject])[] {
    const { facet, kind, name } = this.#spec;
    const told = new Map<string, JsonNode>();
    for (const node of facet.get('methods')?.items() ?? []) {
      const method = node.need('method').text().toUpperCase();
      if (!told.has(method)) told.set(method, node);
      else
        this.#note(
          'name-twice',
          `there is another \`${method.toLowerCase()}\` among the methods; this one is left out`,
          node,
          'join them',
        );
    }
    const supported = [
      ...(facet.get('supports')?.items() ?? []).map((node): [string, JsonNode] => [node.text().toUpperCase(), node]),
      ...told,
    ];
    const methods = new Map<MethodName, JsonObject>();
    for (const [method, node] of supported) {
      if (!isMethodName(method) || profileOf(method).named) {
        this.#note(
          'method',
          `\`${method.toLowerCase()}\` is none of Rest.li's methods; \`${name}\` goes without it`,
          node,
          'correct its name',
        );
      } else if (!RESOURCE_KINDS[kind].methods.includes(method)) {
        this.#note(
          'method',
          `${kind} resources have no ${method}; \`${name}\` goes without it`,
          node,
          'drop it from the description',
        );
      } else if (!methods.has(method)) {
        const more = told.get(method);
        methods.set(method, more === undefined ? {} : this.#method(more, method));
      }
    }
    return [...methods];
  }

  #method(node: JsonNode, method: MethodName): JsonObject {
    const profile = profileOf(method);
    const returned = profile.mayReturnEntity && (node.get('annotations')?.get('returnEntity') ?? null) !== null;
    for (const found of misplacedOn(node, method)) this.#types.note(found);
    return members([
      ...this.#head(node),
      ['params', this.#parameters(node, [])],
      ...(profile.returns === 'collection' ? this.#listing(node) : []),
      ...(profile.batchOf === null ? [] : [['maxBatchSize', batchSizeOf(node, this.#types)] as const]),
      ['returnEntity', returned ? true : undefined],
      ...this.#tail(node, method),
    ]);
  }

  /** A finder; a batch finder without its criteria. */
  #list(node: JsonNode, method: MethodName, except: readonly string[] = []): JsonObject {
    return members([
      ...this.#head(node),
      ['assocKeys', pathKeys(node, this.#spec, (found) => this.#types.note(found))],
      ['params', this.#parameters(node, except)],
      ...this.#listing(node),
      ...this.#tail(node, method),
    ]);
  }

  #batchFinder(node: JsonNode): JsonObject {
    const batchParam = node.need('batchParam').text();
    const { params, errors, response, ...list } = this.#list(node, methodOf('bq'), [batchParam]);
    return members([
      ...Object.entries(list),
      ['params', params],
      ['criteria', criteriaOf(node, batchParam, this.#types, this.#declared)],
      ['batchParam', batchParam === 'criteria' ? undefined : batchParam],
      ['maxBatchSize', batchSizeOf(node, this.#types)] as const,
      ['response', response],
      ['errors', errors],
    ]);
  }

  #actions(): JsonObject | null {
    const { facet, kind } = this.#spec;
    const hasLevels = RESOURCE_KINDS[kind].hasKey;
    const own = this.#named('action', 'actions', facet.get('actions'), (node) => this.#action(node, false));
    const entity = this.#named(
      'action',
      'actions',
      facet.get('entity')?.get('actions') ?? null,
      (node) => this.#action(node, hasLevels),
      Object.keys(own ?? {}),
    );
    return own === null && entity === null ? null : { ...own, ...entity };
  }

  #action(node: JsonNode, atEntity: boolean): JsonObject {
    const returns = node.get('returns');
    const thrown = node.get('throws');
    const name = node.need('name').text();
    if (thrown !== null)
      this.#note(
        'throws',
        `\`${name}\` names Java exceptions, which say nothing about the wire`,
        thrown,
        'declare its errors as service errors',
      );
    return members([
      ...this.#head(node),
      ['level', atEntity ? 'entity' : undefined],
      ['params', this.#parameters(node, [], 'body')],
      ['returns', returns === null ? undefined : this.#types.written(this.#typeAt(returns))],
      ['readOnly', node.get('readOnly')?.boolean() === true ? true : undefined],
      ...this.#tail(node, methodOf('action')),
    ]);
  }

  #named(
    parameter: RoutingParameter,
    what: string,
    list: JsonNode | null,
    read: (node: JsonNode) => JsonObject,
    taken: readonly string[] = [],
  ): JsonObject | null {
    const found = new Map<string, JsonObject>();
    for (const node of list?.items() ?? []) {
      const name = node.get('name')?.text();
      if (name === undefined) {
        this.#note(
          'default-finder',
          `one of the ${what} has no name; a contract knows them by the value of \`${parameter}\``,
          node,
          'give it a name',
        );
      } else if (!NAME.test(name)) {
        this.#note(
          'name',
          `\`${name}\` among the ${what} is no name that a contract can hold; it is left out`,
          node,
          'write such requests with `raw`',
        );
      } else if (found.has(name) || taken.includes(name)) {
        this.#note(
          'name-twice',
          `there is another \`${name}\` among the ${what}${taken.includes(name) ? ' of the other level' : ''}; this one is left out`,
          node,
          'rename one of them',
        );
      } else if (!isAtEntity(node, this.#spec, (one) => this.#types.note(one))) found.set(name, read(node));
    }
    const kinds: readonly string[] = RESOURCE_KINDS[this.#spec.kind].methods;
    if (found.size > 0 && !kinds.includes(methodOf(parameter))) {
      this.#note(
        'method',
        `${this.#spec.kind} resources have no ${what}; they are left out`,
        list ?? this.#spec.facet,
        'drop them from the description',
      );
      return null;
    }
    return found.size === 0 ? null : jsonObject(found);
  }

  #head(node: JsonNode): readonly Member[] {
    return [
      ['doc', docOf(node)],
      ['deprecated', deprecationOf(node)],
    ];
  }

  #tail(node: JsonNode, method: MethodName): readonly Member[] {
    const status = successOf(node, method, this.#types);
    return [
      ['response', status === undefined ? undefined : { status }],
      ['errors', errorsOf(node, this.#types, this.#declared)],
    ];
  }

  #listing(node: JsonNode): readonly Member[] {
    const metadata = node.get('metadata');
    return [
      ['paging', node.get('pagingSupported')?.boolean() === true ? 'offset' : undefined],
      ['metadata', metadata === null ? undefined : this.#types.written(this.#typeAt(metadata.need('type')))],
    ];
  }

  #parameters(node: JsonNode, except: readonly string[], place: 'query' | 'body' = 'query'): JsonObject | undefined {
    const found = new Map<string, Parameter>();
    for (const item of node.get('parameters')?.items() ?? []) {
      const parameter = readParameter(item, this.#declared);
      const { name } = parameter.field;
      if (found.has(name))
        this.#note('name-twice', `there is another parameter \`${name}\`; this one is left out`, item, 'rename one');
      else if (!PARAMETER.test(name))
        this.#note(
          'name',
          `the parameter \`${name}\` has no name that a contract can hold; it is left out`,
          item,
          'write such requests with `raw`',
        );
      else if (place === 'query' && isProtocolParameter(name))
        this.#note(
          'name',
          `the parameter \`${name}\` belongs to the protocol; it is left out`,
          item,
          'name it otherwise: no request can carry it beside that of the protocol',
        );
      else if (!except.includes(name)) found.set(name, parameter);
    }
    return parameterMap([...found.values()], this.#types);
  }

  #typeAt(node: JsonNode): DataType {
    return typeOfText(node, this.#declared);
  }

  #note(code: string, message: string, node: JsonNode, fix: string): void {
    this.#types.note(problem('warning', code, message, node.at, fix));
  }
}

/** The one method that a routing parameter selects. */
function methodOf(parameter: RoutingParameter): MethodName {
  const found = METHOD_NAMES.find((name) => profileOf(name).parameter === parameter && profileOf(name).named);
  if (found === undefined) throw new Error(`no method is selected by ${parameter}`);
  return found;
}
