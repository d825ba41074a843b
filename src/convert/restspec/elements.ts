/**
 * Every member of Rest.li's interface descriptions, element by element, and what becomes of it.
 *
 * The audit walks the table beside a description, so that a member without a row is told as unknown, and the page
 * `docs/convert.md` is made from it. A new member of the language is one row here and its reader.
 *
 * Source: the records of `com.linkedin.restli.restspec` in linkedin/rest.li (`ResourceSchema` and what it leads to),
 * with the members that releases have added and dropped.
 */

export interface Fate {
  /**
   * `used`: it stands in the contract, or decides what stands there. `told`: it has no form in a contract, which its
   * reader tells with the place. `counted`: nothing on the wire shows it; one line tells how often it was met.
   */
  readonly kind: 'used' | 'told' | 'counted';
  /** used: where it stands. told, counted: why it has no place. Follows the member's name in a sentence or a table. */
  readonly what: string;
  /** The element that its value is, or that the items of its list are. */
  readonly holds: ElementName | null;
}

export type ElementName =
  | 'snapshot'
  | 'resource'
  | 'collection'
  | 'association'
  | 'simple'
  | 'actionsSet'
  | 'identifier'
  | 'assocKey'
  | 'alternativeKey'
  | 'entity'
  | 'method'
  | 'finder'
  | 'batchFinder'
  | 'action'
  | 'parameter'
  | 'metadata'
  | 'maxBatchSize'
  | 'serviceError'
  | 'resourceAnnotations'
  | 'methodAnnotations'
  | 'otherAnnotations'
  | 'paths'
  | 'returnEntity'
  | 'deprecated';

export interface Element {
  /** In a sentence: `a batch finder`. */
  readonly called: string;
  /** Whether authors of services add members of their own, as they may to annotations. */
  readonly open: boolean;
  readonly members: ReadonlyMap<string, Fate>;
}

const used = (what: string, holds: ElementName | null = null): Fate => ({ kind: 'used', what, holds });
const told = (what: string, holds: ElementName | null = null): Fate => ({ kind: 'told', what, holds });
const counted = (what: string): Fate => ({ kind: 'counted', what, holds: null });

const JAVA_METHOD = counted('it belongs to the Java method behind the resource');
const ERRORS = used('`errors`', 'serviceError');
const SUCCESS = used('`response`, where it is not what the method answers anyway');
const PARAMETERS = used('`params`', 'parameter');

// prettier-ignore
const ON_EVERY_METHOD: Readonly<Record<string, Fate>> = {
  doc:                      used('`doc`'),
  parameters:               PARAMETERS,
  serviceErrors:            ERRORS,
  success:                  SUCCESS,
  javaMethodName:           JAVA_METHOD,
  javaMethodType:           JAVA_METHOD,
  javaReturnsResultWrapper: JAVA_METHOD,
};

// prettier-ignore
const FINDER: Readonly<Record<string, Fate>> = {
  name:                  used('its name in `methods`; without one it is told'),
  ...ON_EVERY_METHOD,
  annotations:           used('see annotations', 'otherAnnotations'),
  metadata:              used('`metadata`', 'metadata'),
  pagingSupported:       used('`paging: offset`'),
  assocKey:              used('`assocKeys`, where a contract can name them'),
  assocKeys:             used('`assocKeys`, where a contract can name them'),
  linkedBatchFinderName: used('`finder` of the batch finder, where that takes the same parameters; else it is told'),
};

// prettier-ignore
const WITH_METHODS: Readonly<Record<string, Fate>> = {
  supports:      used('`methods`'),
  methods:       used('`methods`', 'method'),
  actions:       used('the actions of `methods`', 'action'),
  entity:        used('see entity', 'entity'),
  serviceErrors: ERRORS,
};

// prettier-ignore
const WITH_KEY: Readonly<Record<string, Fate>> = {
  ...WITH_METHODS,
  finders:         used('the finders of `methods`', 'finder'),
  batchFinders:    used('the batch finders of `methods`', 'batchFinder'),
  alternativeKeys: told('a contract knows one key; what uses `altkey` can be written with `raw`', 'alternativeKey'),
};

const DEPRECATED: Readonly<Record<string, Fate>> = { deprecated: used('`deprecated`', 'deprecated') };

// prettier-ignore
export const ELEMENTS: Readonly<Record<ElementName, Element>> = {
  snapshot: element('a snapshot', {
    models: used('the schemas'),
    schema: used('the resource, where no description of it is at hand', 'resource'),
  }),
  resource: element('a resource', {
    name:          used('`resource`'),
    path:          used('`path`'),
    schema:        used('`entity`'),
    doc:           used('`doc`'),
    annotations:   used('see annotations', 'resourceAnnotations'),
    entityType:    told('unstructured data is no JSON; such a resource has no contract'),
    collection:    used('`kind`', 'collection'),
    association:   used('`kind`', 'association'),
    simple:        used('`kind`', 'simple'),
    actionsSet:    used('`kind`', 'actionsSet'),
    namespace:     counted('it belongs to the Java classes of clients'),
    resourceClass: counted('it belongs to the Java class behind the resource'),
    d2ServiceName: counted('it is the name in D2, by which clients find the host; no request carries it'),
  }),
  collection: element('a collection', { identifier: used('`key`', 'identifier'), ...WITH_KEY }),
  association: element('an association', {
    identifier: used('the variable of the key in paths below'),
    assocKeys:  used('`key`', 'assocKey'),
    ...WITH_KEY,
  }),
  simple: element('a simple resource', WITH_METHODS),
  actionsSet: element('an actions set', { actions: used('the actions of `methods`', 'action'), serviceErrors: ERRORS }),
  identifier: element('the identifier of a collection', {
    name:   used('the name of the key'),
    type:   used('the type of the key, or the parts of a complex one'),
    params: used('`$params` of a complex key'),
  }),
  assocKey: element('a part of the key', { name: used('a part of `key`'), type: used('its type') }),
  alternativeKey: element('an alternative key', {
    name:       told('with its resource'),
    type:       told('with its resource'),
    doc:        told('with its resource'),
    keyCoercer: counted('it is the Java class that reads the key'),
  }),
  entity: element('the entity', {
    path:         used('`path` with the key; any other is told'),
    actions:      used('the actions of `methods`, with `level: entity`', 'action'),
    subresources: used('contracts of their own', 'resource'),
  }),
  method: element('a method', {
    method:          used('its name in `methods`'),
    ...ON_EVERY_METHOD,
    annotations:     used('see annotations', 'methodAnnotations'),
    metadata:        used('`metadata` of GET_ALL; elsewhere it is told', 'metadata'),
    pagingSupported: used('`paging: offset` of GET_ALL; elsewhere it is told'),
    maxBatchSize:    used('`maxBatchSize` of batch methods; elsewhere it is told', 'maxBatchSize'),
  }),
  finder: element('a finder', FINDER),
  batchFinder: element('a batch finder', {
    ...FINDER,
    linkedBatchFinderName: told('only a finder is linked to a batch finder'),
    batchParam:            used('`batchParam`, and its parameter `criteria`'),
    maxBatchSize:          used('`maxBatchSize`', 'maxBatchSize'),
  }),
  action: element('an action', {
    name:        used('its name in `methods`'),
    ...ON_EVERY_METHOD,
    annotations: used('see annotations', 'otherAnnotations'),
    returns:     used('`returns`'),
    readOnly:    used('`readOnly`'),
    throws:      told('Java exceptions say nothing about the wire'),
  }),
  parameter: element('a parameter', {
    name:        used('its name'),
    type:        used('its type'),
    items:       used('its type: the older form of lists'),
    optional:    used('`?` after its name'),
    default:     used('`default`'),
    doc:         used('`description`'),
    annotations: used('see annotations', 'otherAnnotations'),
  }),
  metadata: element('metadata', { type: used('its type') }),
  maxBatchSize: element('the size of batches', {
    value:    used('the number'),
    validate: used('where it is not true, the limit is told as only documented'),
  }),
  serviceError: element('a service error', {
    status:          used('the status; one that is none of errors is told'),
    code:            used('`code`'),
    message:         used('`message`'),
    errorDetailType: used('`details`'),
    parameters:      used('`params`'),
  }),
  resourceAnnotations: annotations('the annotations of a resource', {
    readOnly:   used('`readOnly`; paths into the items of lists and maps are told', 'paths'),
    createOnly: used('`createOnly`; paths into the items of lists and maps are told', 'paths'),
  }),
  methodAnnotations: annotations('the annotations of a method', {
    returnEntity: used('`returnEntity`, where the method can return it; elsewhere it is told', 'returnEntity'),
  }),
  otherAnnotations: annotations('annotations', {}),
  paths:        element('the annotation', { value: used('the paths') }),
  returnEntity: element('the annotation `returnEntity`', {}),
  deprecated:   element('the annotation `deprecated`', { doc: used('the text of `deprecated`') }),
};

function element(called: string, members: Readonly<Record<string, Fate>>): Element {
  return { called, open: false, members: new Map(Object.entries(members)) };
}

function annotations(called: string, members: Readonly<Record<string, Fate>>): Element {
  return { called, open: true, members: new Map(Object.entries({ ...members, ...DEPRECATED })) };
}
