/** PLACEHOLDER until the judge of requests exists. */
import type { HttpRequest } from '../transport/exchange.ts';
import type { AnswerContext, Understood } from './context.ts';
import { understandAsServer } from './understand-oss.ts';

export function understandStrictly(request: HttpRequest, context: AnswerContext): Understood {
  return understandAsServer(request, context);
}
