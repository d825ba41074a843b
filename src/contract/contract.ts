/**
 * A contract as the rest of the program sees it: names resolved, defaults filled in, every declared operation with the
 * whole of its promise, values still holding their `${variables}`. Made by `load.ts` from a file that has no errors.
 */
import type { SourceRange } from '../diagnostic/diagnostic.ts';
import type { ProtocolVersion } from '../protocol/dialects.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { KeyShape } from '../protocol/keys.ts';
import type { Level, MethodName, ResourceKind } from '../protocol/methods.ts';
import type { ResourceShape } from '../protocol/request.ts';
import type { Schema } from '../schema/schema.ts';

export interface Contract {
  /** `books`, `adAccounts.adCampaignGroups`: unique in a run. */
  readonly resource: string;
  /** The file as shown to the user; `inline` for a contract that came as an object. */
  readonly file: string;
  /** SHA-256 of the source text, hex. */
  readonly hash: string;
  /** `/adAccounts/{account}/adCampaignGroups` */
  readonly path: string;
  /** The same for the codec. */
  readonly shape: ResourceShape;
  readonly kind: ResourceKind;
  /** null on simple and actionsSet. */
  readonly key: KeyType | null;
  /** Key type of each `{variable}` of the path, in path order. */
  readonly parents: ReadonlyMap<string, KeyType>;
  /** null on actionsSet. */
  readonly entity: Schema | null;
  readonly types: ReadonlyMap<string, Schema>;
  readonly readOnly: readonly ValuePath[];
  readonly createOnly: readonly ValuePath[];
  /** Name of its dialect; the run looks it up among built-in rows and the config's. */
  readonly dialect: string;
  /** null: the first version of the dialect. */
  readonly protocol: ProtocolVersion | null;
  /** Sent with every case. */
  readonly headers: HeaderValues;
  /** What every request, every success must carry besides. */
  readonly requestHeaders: Fields;
  readonly responseHeaders: Fields;
  readonly vars: ReadonlyMap<string, Json>;
  readonly examples: readonly Example[];
  readonly mock: { readonly key: Json | null; readonly onCreate: JsonObject; readonly onWrite: JsonObject };
  /** One for each declared method; finders, batch finders and actions: one for each name. In the order of the file. */
  readonly operations: readonly Operation[];
  readonly cases: readonly CaseSpec[];
  readonly flows: readonly FlowSpec[];
  readonly doc: string | null;
  readonly deprecated: Deprecation;
  readonly tags: readonly string[];
  /** Place of a node of the source (or of its name), by JSON Pointer; the nearest node above if there is none. */
  locate(pointer: string, part?: 'name' | 'value'): SourceRange;
  /** The schema that a type written in a value position means (`$type: long`, `$type: { … }`); cached. */
  typeOf(written: Json): Schema;
}

/** false: in use. true: deprecated. Text: what to use instead. */
export type Deprecation = boolean | string;

/** `['loan', 'reader']` for `loan/reader`. */
export type ValuePath = readonly string[];

/** `null` leaves a header out; a list sends the line several times. Names as written. */
export type HeaderValues = ReadonlyMap<string, string | readonly string[] | null>;

export interface KeyType {
  readonly shape: KeyShape;
  /** Type of each part; a simple key has one. */
  readonly parts: ReadonlyMap<string, Schema>;
  /** Types of `$params`; null when the key has none. */
  readonly params: Fields | null;
}

export interface Field {
  readonly name: string;
  /** A type, true (must be there, any value) or false (must not be there). */
  readonly type: Schema | boolean;
  /** False for `name?` and for a type with a default. */
  readonly required: boolean;
  readonly default: Json | undefined;
  readonly doc: string | null;
  readonly deprecated: Deprecation;
}
export type Fields = ReadonlyMap<string, Field>;

export interface Example {
  readonly key: Json | null;
  /** Variable -> value; empty without parents. */
  readonly parents: ReadonlyMap<string, Json>;
  /** The entity without `$key`, `$parents`. */
  readonly entity: JsonObject;
  readonly pointer: string;
}

/** One declared method, or one finder, batch finder or action. */
export interface Operation {
  readonly method: MethodName;
  /** Name of the finder, batch finder or action; else null. */
  readonly name: string | null;
  /** `/methods/FINDER/search` */
  readonly pointer: string;
  readonly doc: string | null;
  readonly deprecated: Deprecation;
  readonly tags: readonly string[];
  /** Query parameters beside the protocol's; on ACTION the members of the body. */
  readonly params: Fields;
  /** null: no paging. `size` of null: the protocol's default. */
  readonly paging: {
    readonly kind: 'offset' | 'cursor';
    readonly size: number | null;
    readonly max: number | null;
    readonly total: boolean;
  } | null;
  readonly metadata: Schema | null;
  /** Key parts that stand in the path of the list. */
  readonly assocKeys: readonly string[];
  /** BATCH_FINDER: one criterion, the name of the list parameter, the finder it is many of. */
  readonly criteria: Fields;
  readonly batchParam: string;
  readonly finder: string | null;
  readonly projection: 'optional' | 'required' | 'none';
  readonly maxBatchSize: number | null;
  readonly returnEntity: boolean;
  readonly upsert: boolean;
  /** Where the path ends; what the profile says, for ACTION what the contract says. */
  readonly level: Level;
  readonly returns: Schema | null;
  /** An action that writes nothing. */
  readonly readOnly: boolean;
  readonly request: {
    readonly headers: Fields;
    /** The entity as sent, inside the envelope. */
    readonly entity: Schema | null;
    /** Instead of the envelope; false: none; null: the envelope of the method. */
    readonly body: Schema | false | null;
  };
  /** Successes, at least one; a list where they differ in shape, picked by status. */
  readonly responses: readonly ResponsePromise[];
  readonly errors: ReadonlyMap<number, readonly ErrorPromise[]>;
  /** Rule id -> why the resource does not promise it. */
  readonly exempt: ReadonlyMap<string, string>;
  readonly listMock: readonly ListMock[];
  readonly actionMock: readonly ActionMock[];
}

export interface ResponsePromise {
  readonly status: readonly number[];
  readonly headers: Fields;
  readonly entity: Schema | null;
  readonly body: Schema | false | null;
  readonly pointer: string;
}

export interface ErrorPromise {
  readonly doc: string | null;
  readonly code: string | null;
  readonly serviceErrorCode: number | null;
  readonly message: string | null;
  readonly details: Schema | null;
  readonly params: readonly string[];
  /** null: the mock never answers it by itself. */
  readonly when: When | null;
  readonly pointer: string;
}

/** Expected values (with matchers) by the part of the request they meet; `{}` meets every request. */
export interface When {
  readonly key?: Json | undefined;
  readonly parents?: Json | undefined;
  readonly params?: Json | undefined;
  readonly headers?: Json | undefined;
  readonly entity?: Json | undefined;
  readonly patch?: Json | undefined;
  readonly criteria?: Json | undefined;
}

export interface ListMock {
  /** false: no filter; null: names that are equal. Entity path -> how it is compared with which parameter path. */
  readonly filter: false | null | ReadonlyMap<string, FilterRule>;
  /** `title`, `-title` */
  readonly sort: string | null;
  readonly elements: readonly JsonObject[] | null;
  readonly metadata: Json | undefined;
  readonly when: When | null;
}
/** Parameter paths; several must all hold. */
export interface FilterRule {
  readonly equals?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

export interface ActionMock {
  /** A template; undefined: generated from `returns`. */
  readonly value: Json | undefined;
  readonly patch: JsonObject | null;
  readonly when: When | null;
}

/** One request as its author wrote it, with what must come back. A step of a flow is the same. */
export interface CaseSpec {
  /** null for a step without a name. */
  readonly name: string | null;
  readonly method: MethodName;
  /** `q`, `bq` or `action`; null for the others. */
  readonly operation: string | null;
  /** Resource of a step that speaks to another contract; null: its own. */
  readonly resource: string | null;
  readonly key: Json | undefined;
  readonly ids: readonly Json[] | string | undefined;
  readonly parents: JsonObject | undefined;
  readonly entity: Json | undefined;
  readonly elements: readonly Json[] | undefined;
  readonly entities: readonly { readonly key: Json; readonly entity?: Json; readonly patch?: Json }[] | undefined;
  readonly patch: Json | undefined;
  readonly criteria: readonly Json[] | undefined;
  readonly params: JsonObject;
  readonly fields: string | undefined;
  readonly metadataFields: string | undefined;
  readonly pagingFields: string | undefined;
  readonly headers: HeaderValues;
  readonly protocol: ProtocolVersion | null;
  readonly tunnel: boolean;
  readonly raw: {
    readonly verb?: string;
    readonly path?: string;
    readonly query?: string;
    readonly body?: Json;
  } | null;
  readonly expect: Expectation | null;
  readonly retry: { readonly times: number; readonly everyMs: number; readonly reason: string } | null;
  readonly timeoutMs: number | null;
  readonly doc: string | null;
  readonly tags: readonly string[];
  /** null: on every target. */
  readonly targets: readonly string[] | null;
  readonly skip: string | null;
  /** Variable -> the place where its expectation would stand: `key`, `headers/ETag`, `body/metadata/nextPageToken`. */
  readonly capture: ReadonlyMap<string, string>;
  /** `/cases/3`, `/flows/0/steps/1`; the reason's place for a derived one. */
  readonly pointer: string;
}

/** Values hold matchers as written. An absent member is undefined and expects nothing beyond the method's promise. */
export interface Expectation {
  readonly status: readonly number[] | null;
  /** Refusals that count as kept as well, where either outcome is right (derived cases only). */
  readonly orRefused: readonly number[];
  readonly headers: ReadonlyMap<string, Json>;
  readonly body: Json | undefined;
  readonly key: Json | undefined;
  readonly each: readonly Outcome[] | Outcome | null;
  readonly pointer: string;
}

/** What one item of a batch must bring. */
export interface Outcome {
  readonly status: readonly number[] | null;
  readonly key: Json | undefined;
  readonly entity: Json | undefined;
  readonly elements: Json | undefined;
  readonly paging: Json | undefined;
  readonly metadata: Json | undefined;
  readonly error: Json | undefined;
}

export interface FlowSpec {
  readonly name: string;
  readonly steps: readonly CaseSpec[];
  readonly cleanup: readonly CaseSpec[];
  readonly doc: string | null;
  readonly tags: readonly string[];
  readonly targets: readonly string[] | null;
  readonly skip: string | null;
  readonly pointer: string;
}
