/** Shapes around entities in a request body. `none`: no body. */
export type RequestEnvelope = 'none' | 'entity' | 'elements' | 'entities' | 'patch' | 'patches' | 'params';

/**
 * Shapes around entities in a success body.
 * `batch` `{results, statuses?, errors}` · `statuses` `{results: {key: {status}}, errors}` · `collections` one result
 * per criteria · `created` no body, or the entity · `createdBatch` `{elements: [{status, id?, location?, error?}]}`.
 */
export type ResponseEnvelope =
  | 'none' | 'entity' | 'collection' | 'collections' | 'batch' | 'statuses' | 'created' | 'createdBatch' | 'value';
