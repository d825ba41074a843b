/**
 * Whether an answer is that of another method: the trace that a header, key or parameter leaves which was lost on the
 * way. The endpoint has not failed, it has done something else; one violation says what, instead of a list of members
 * that do not fit.
 */
import { describeValue } from '../diagnostic/quote.ts';
import { RESPONSE_ENVELOPES, type ResponseEnvelope } from '../protocol/envelopes.ts';
import { HEADERS, ID_HEADER } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { profileOf, type Level, type MethodName } from '../protocol/methods.ts';
import { NO_ROUTING_PARAMETERS, route } from '../protocol/route.ts';
import { checkSchema } from '../schema/check.ts';
import { headerOf } from '../transport/exchange.ts';
import { entitySchema, type Answer } from './answer.ts';
import { effectOf } from './becomes.ts';

/** What a request can lose without being refused, and the words for it. */
interface Loss {
  readonly lost: string;
  readonly method: MethodName;
}

/** @returns whether the answer is another method's, which is then reported; nothing else in it is worth a look */
export function reportAnsweredAs(answer: Answer): boolean {
  const { asked, response, body, findings } = answer;
  const own = profileOf(asked.method);
  const envelope = envelopeSeen(answer);
  if (envelope === null || envelope === own.returns) return false;
  if (asked.operation?.responses.some((promise) => promise.body !== null) === true) return false;
  if (own.returns === 'entity' && fitsEntity(answer)) return false;

  const level = asked.operation?.level ?? (own.at === 'either' ? 'collection' : own.at);
  const loss = lossesOf(asked.method, level).find(({ method }) => profileOf(method).returns === envelope);
  if (loss === undefined) return false;

  findings.checks += 1;
  findings.add('routing/answered-as-another-method', {
    where: 'body',
    pointer: '',
    expected: `the answer of ${asked.method}: ${RESPONSE_ENVELOPES[own.returns].doc}`,
    actual: `${response.status} with ${body === undefined ? 'no body' : describeValue(body)}: the answer of ${loss.method}`,
    message:
      `The answer is that of ${loss.method}, which this request becomes when ${loss.lost} is lost on the way: ` +
      `${effectOf(loss.method, asked.body)}.`,
    hint: `Look at what reaches the server behind the gateway: ${loss.lost} is missing there.`,
  });
  return true;
}

/**
 * The method that a request becomes when its method header is lost, where that is another one; null where the header is
 * only a guard.
 */
export function becomesWithoutHeader(method: MethodName, level: Level): MethodName | null {
  return lossesOf(method, level).find(({ lost }) => lost === HEADERS.method)?.method ?? null;
}

/** Other methods that the request silently becomes when parts of it are lost, the least loss first. */
function lossesOf(method: MethodName, level: Level): readonly Loss[] {
  const { verb, parameter } = profileOf(method);
  const parameters = parameter === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [parameter]: true };
  const losses: readonly { readonly lost: string; readonly level: Level; readonly parameters: typeof parameters }[] = [
    { lost: HEADERS.method, level, parameters },
    { lost: `\`${parameter}\` (and ${HEADERS.method})`, level, parameters: NO_ROUTING_PARAMETERS },
    { lost: `the key in the path (and ${HEADERS.method})`, level: 'collection', parameters },
  ];
  return losses.flatMap(({ lost, ...facts }): Loss[] => {
    const routed = route({ verb, header: null, ...facts });
    return 'method' in routed && routed.method !== method ? [{ lost, method: routed.method }] : [];
  });
}

/** The envelope that the answer shows beyond doubt; null when it may be any. */
function envelopeSeen({ asked, response, body, isEmpty }: Answer): ResponseEnvelope | null {
  if (response.status === 201) {
    const hasId = Object.values(ID_HEADER).some((name) => headerOf(response.headers, name) !== null);
    return hasId ? 'created' : null;
  }
  if (isEmpty || !isJsonObject(body)) return null;

  const elements = memberOf(body, 'elements');
  const isList = RESPONSE_ENVELOPES[profileOf(asked.method).returns].entries.by === 'index';
  // No list tells what its items would have been.
  if (isJsonArray(elements)) return elements.length === 0 && isList ? null : listSeen(elements);
  if (isJsonObject(memberOf(body, 'results')) && isJsonObject(memberOf(body, 'errors'))) return 'batch';
  return null;
}

function listSeen(elements: readonly Json[]): ResponseEnvelope {
  if (elements.length === 0) return 'collection';
  if (elements.every((one) => isJsonArray(memberOf(one, 'elements')))) return 'collections';
  if (elements.every((one) => typeof memberOf(one, 'status') === 'number')) return 'createdBatch';
  return 'collection';
}

/** An entity may happen to hold a list called `elements`. */
function fitsEntity(answer: Answer): boolean {
  const schema = entitySchema(answer);
  return schema === null || answer.body === undefined || checkSchema(schema, answer.body).length === 0;
}
