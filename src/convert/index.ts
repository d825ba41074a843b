/** What contracts can be made from, and made into. */
export { fromCurl } from './curl.ts';
export { fromHar } from './har.ts';
export { toOpenApi, type OpenApiOptions } from './openapi.ts';
export { fromRestspec, type Conversion } from './restspec.ts';
export type { DraftOptions } from './recording/draft.ts';
export type { ReadOptions } from './restspec/sources.ts';
export { FORMATS, type ConvertFormat } from './formats.ts';
