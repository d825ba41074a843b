/** The recorded vectors of the real server, read so that a double keeps its form: `1.0` comes as the text `1.0`. */
import { readFileSync } from 'node:fs';
import { formatDouble } from '../../src/protocol/encoding.ts';
import { parseJson, type Json } from '../../src/protocol/json.ts';

export interface EncodeVector {
  readonly value: Json;
  readonly path: string;
  readonly query: string;
  readonly reduced: string;
}
export interface DecodeVector {
  readonly encoded: string;
  readonly value?: Json;
  readonly error?: string;
}
export interface KeyVector {
  readonly kind: 'simple' | 'compound' | 'complex';
  readonly value: Json;
  readonly protocol: '2.0.0' | '1.0.0';
  readonly full?: string;
  readonly keyOnly?: string;
  readonly body?: string;
  readonly path?: string;
  readonly header?: string;
  readonly query?: string;
}
export interface QueryVector {
  readonly params: { readonly [name: string]: Json };
  readonly query: string;
}
export interface MaskVector {
  readonly uri: string;
  readonly mask?: Json;
  readonly error?: string;
}
export interface ProjectionVector {
  readonly fields: string;
  readonly data: Json;
  readonly result: Json;
}
export interface PatchVector {
  readonly before: Json;
  readonly patch: Json;
  readonly after?: Json;
  readonly error?: string;
}
export interface MatrixVector {
  readonly verb: string;
  readonly level: 'collection' | 'entity';
  readonly param: 'none' | 'ids' | 'q' | 'bq' | 'action';
  readonly header: string | null;
  readonly method: string | null;
}
export interface RoutingVector {
  readonly verb: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string | null;
  readonly resources: 'harness' | 'twitter';
  readonly method: string | null;
  readonly name?: string | null;
  readonly status?: number;
  readonly message?: string;
}
export interface ExchangeVector {
  readonly request: {
    readonly verb: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Json;
  };
  readonly routedTo: string | null;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
}

export interface Vectors {
  readonly encode: readonly EncodeVector[];
  readonly decode: readonly DecodeVector[];
  readonly percentDecode: readonly DecodeVector[];
  readonly keys: readonly KeyVector[];
  readonly queryStrings: readonly QueryVector[];
  readonly masks: readonly MaskVector[];
  readonly projections: readonly ProjectionVector[];
  readonly patches: readonly PatchVector[];
  readonly routingMatrix: readonly MatrixVector[];
  readonly routing: readonly RoutingVector[];
  readonly exchanges: readonly ExchangeVector[];
}

const text = readFileSync(new URL('../vectors/restli.json', import.meta.url), 'utf8');

export const vectors: Vectors = read(
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || !/[.eE]/.test(token) ? token : `"${formatDouble(Number(token))}"`,
  ),
);

/** The same with numbers as the rest of the code has them, for bodies. */
export const plainVectors: Vectors = read(text);

function read(json: string): Vectors {
  const parsed = parseJson(json);
  if ('problem' in parsed) throw new Error(`Failed to read the vectors: ${parsed.problem.message}`);
  return parsed.value as unknown as Vectors;
}
