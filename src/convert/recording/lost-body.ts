/** Bodies of recorded requests that no case can send, so that each is told. */
import { HEADERS, headerValue } from '../../protocol/headers.ts';
import { isJsonObject } from '../../protocol/json.ts';
import { profileOf, type MethodName } from '../../protocol/methods.ts';
import type { WireRequest } from '../../protocol/request.ts';
import { jsonOf } from './shapes.ts';

/** Other texts of a header are not repeated: a boundary says nothing, and who knows what stands there. */
const MEDIA_TYPE = /^\s*([a-z]+\/[a-z\d.+-]{1,60})\s*(?:;|$)/i;

/**
 * Why the body of a request stands in no case: `it is application/x-www-form-urlencoded, not JSON`. A JSON body
 * counts as one whatever its type says, as `curl -d` calls all of them a form. null: nothing is lost.
 */
export function lostBody({ headers, body }: WireRequest, method: MethodName): string | null {
  if (body === null || body.byteLength === 0) return null;
  const json = jsonOf(body);
  if (json !== undefined)
    return profileOf(method).sends === 'params' && !isJsonObject(json) ? 'it is no record of parameters' : null;
  const type = MEDIA_TYPE.exec(headerValue(headers, HEADERS.contentType) ?? '')?.[1]?.toLowerCase();
  return type === undefined || type === 'application/json' ? 'it is no JSON' : `it is ${type}, not JSON`;
}
