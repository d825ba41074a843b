/**
 * A law: what every endpoint owes, whoever wrote the contract. One row says which exchanges it needs, and what must
 * hold between them; `plan` makes a case of it for each operation that it applies to, `run` sends it.
 */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import type { Dialect, ProtocolVersion } from '../protocol/dialects.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import type { MethodName, MethodProfile } from '../protocol/methods.ts';
import type { Taste } from '../schema/sample-maker.ts';
import type { Exchange, HttpRequest } from '../transport/exchange.ts';

/** What a request of a trace asked, decoded and typed. */
export interface TraceAsked {
  readonly method: MethodName;
  readonly protocol: ProtocolVersion;
  readonly key: Key | null;
  /** Keys of a batch in the order of the request. */
  readonly ids: readonly Key[] | null;
  readonly params: ReadonlyMap<string, Json>;
  readonly criteria: readonly Json[] | null;
  readonly masks: { readonly fields?: string };
  /** Request body in its envelope; undefined: none. */
  readonly body: Json | undefined;
}

/** What became of one item of a batch, wherever the answer tells it. `status` of null: nowhere. */
export interface TraceOutcome {
  readonly status: number | null;
  readonly key: Key | undefined;
  readonly entity: Json | undefined;
  readonly elements: Json | undefined;
  readonly pointer: string | null;
}

/** One exchange of a law, with what was asked and what came back, decoded. */
export interface TraceEntry {
  readonly contract: Contract;
  readonly operation: Operation | null;
  readonly exchange: Exchange;
  readonly asked: TraceAsked;
  readonly status: number;
  /** undefined: no body, or no JSON. */
  readonly body: Json | undefined;
  /** One for each item in the order of the request; null for a method without items. */
  readonly outcomes: readonly TraceOutcome[] | null;
  /** The key that the headers of a creation name. */
  readonly created: Key | null;
}
export type Trace = readonly TraceEntry[];

/** What a law found: the rest of the violation (level, position) comes from its rule. */
export interface LawFinding {
  readonly rule: string;
  /** Default: the body. */
  readonly where?: 'status';
  readonly pointer: string | null;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
  /** Index into the trace. */
  readonly exchange: number;
}
export type TraceCheck = (trace: Trace) => readonly LawFinding[];

export interface Law {
  /** Id in the catalogue: `laws/update-overwrites-all`. */
  readonly rule: string;
  readonly appliesTo: (profile: MethodProfile, operation: Operation) => boolean;
  /** The exchanges it needs for one operation; null where the resource has nothing that it could be seen on. */
  readonly probe: (facts: LawFacts) => Probe | Blocked | null;
  /** Further probes, where one does not show all; each is a case of its own. Absent: there is one. */
  readonly more?: (facts: LawFacts) => readonly NamedProbe[];
  /** Judges the exchanges of the probe, in their order; what made them ready is not among them. Never throws. */
  readonly check: TraceCheck;
}

export interface Probe {
  /** Makes ready what the steps work on; the case is blocked when it does not succeed. */
  readonly setup: readonly ProbeStep[];
  readonly steps: readonly ProbeStep[];
}

/** A further probe of a law; the name ends the id of its case. */
export interface NamedProbe {
  readonly name: string;
  readonly probe: Probe;
}

/**
 * Whether a value is one of those that a law is about.
 *
 * @param name - of the member or entry; null for an item of a list
 */
export type Shows = (name: string | null, value: Json) => boolean;

export interface Blocked {
  readonly blocked: string;
}

export interface ProbeStep {
  /** What it does, for readers: `reads it back`. */
  readonly name: string;
  readonly operation: Operation;
  readonly spec: Partial<CaseSpec>;
  /**
   * `success`: without it there is nothing to judge, and the case is blocked. `taken`: the same, but a fault of the server
   * (5xx) ends the requests and is judged. `any`: the law judges the status and those of items itself.
   */
  readonly expects: 'success' | 'taken' | 'any';
  /** The same request in other bytes. */
  readonly rewrite?: (request: HttpRequest) => HttpRequest;
}

/** An entity or two at hand; `entity` holds what is known of the first before the run. */
export interface LawMaterial {
  readonly setup: readonly ProbeStep[];
  readonly keys: readonly Json[];
  readonly entity: JsonObject | null;
  readonly parents: JsonObject | undefined;
}

/** Two entities of different keys under the same parents, with what is known of each before the run. */
export interface LawPair {
  readonly setup: readonly ProbeStep[];
  readonly parents: JsonObject | undefined;
  readonly pair: readonly [PairEntity, PairEntity];
}

export interface PairEntity {
  readonly key: Json;
  readonly entity: JsonObject;
}

/** Bodies for UPDATE: `reduced` lacks optional members that `full` has, and differs in no other. */
export interface Replacement {
  readonly full: JsonObject;
  readonly reduced: JsonObject;
}

/** What a law may ask of the plan when it makes its probe. */
export interface LawFacts {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly dialect: Dialect;
  /** Whether a service answers, where what is written stays until it is removed. */
  readonly live: boolean;
  /** The single method of a batch, an entity's GET: declared operations without a name. */
  readonly find: (method: MethodName) => Operation | null;
  /** A finder or batch finder by its name. */
  readonly named: (method: MethodName, name: string) => Operation | null;
  /** A request of the operation that must succeed, as the contract's author or examples say. */
  readonly basis: () => { readonly setup: readonly ProbeStep[]; readonly spec: Partial<CaseSpec> } | Blocked;
  readonly material: (use: 'reads' | 'writes') => LawMaterial | Blocked;
  /** Two entities that may be written; null where there is only one. */
  readonly pair: () => LawPair | Blocked | null;
  /** Entities that a creation may send; they differ in a member that comes back. */
  readonly creatable: () => readonly JsonObject[];
  /**
   * An entity to write, made from the schema by the seed, under the key of the one that it is like.
   *
   * @param like - one that is known to be taken; what it refers to is referred to by the new one, too
   * @param shows - the values that are wanted: only members that hold one differ then; null: all do
   * @returns null where the schema allows no such entity, or none that meets no declared error
   */
  readonly generated: (like: JsonObject, taste: Taste, shows: Shows | null) => JsonObject | null;
  readonly replacement: (entity: JsonObject) => Replacement | null;
  /** The entity with one member changed, to another value each `turn`; null where nothing is known to be free. */
  readonly changed: (entity: JsonObject, turn?: number) => JsonObject | null;
  /**
   * A patch that changes one member, to another value each `turn`, and deletes another where one may go; null where
   * nothing is known to be free.
   */
  readonly patch: (entity: JsonObject, turn?: number) => JsonObject | null;
  /** A patch of one member inside a record, which has others; null where the entity holds no such record. */
  readonly nestedPatch: (entity: JsonObject) => JsonObject | null;
  /** A key of the right type that no entity should have; null where none can be made. */
  readonly missingKey: (near: Json | undefined) => Json | null;
  /** A key whose text parts hold every reserved character; null where the types of the key do not let them. */
  readonly awkwardKey: (near: Json | undefined) => Json | null;
  /**
   * An entity to create whose own members give it a key of reserved characters; null where the server makes the key.
   *
   * @param ascii - whether the key must stand in a header, which carries nothing beyond ASCII
   */
  readonly awkwardEntity: (ascii: boolean) => JsonObject | null;
  /** The entity with its members that are parts of the key as in that key. */
  readonly underKey: (entity: JsonObject, key: Json) => JsonObject;
  /** Two criteria that a batch finder is known to answer differently; the same one twice where no other is known. */
  readonly criteria: () => readonly Json[] | null;
  /** Names of members that a projection may ask for, at least one. */
  readonly members: () => readonly string[];
  /** A projection into a record, which has more members than it asks for; null where no example holds one. */
  readonly nestedMask: () => string | null;
}
