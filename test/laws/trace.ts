/** Traces of the catalogue's examples: what a law is given to judge. */
import type { Trace, TraceEntry } from '../../src/laws/law.ts';
import type { RuleExample } from '../../src/rules/index.ts';
import { readBody } from '../../src/verify/body.ts';
import { createdKey, keyOf } from '../../src/verify/created-key.ts';
import { outcomesOf } from '../../src/verify/outcomes.ts';
import { exchangeOf, judgeRequest } from '../rules/example.ts';

export function traceOf(example: RuleExample): Trace {
  const { before = [], ...last } = example;
  return [...before.map((one) => ({ ...last, ...one })), last].map(entryOf);
}

/** A header that contradicts the request is on purpose in some: what was asked is then read without it. */
function entryOf(example: RuleExample): TraceEntry {
  const bare = { ...example, request: example.request.replace(/\nX-RestLi-Method: .*/, '') };
  const { asked } = judgeRequest(example).asked === null ? judgeRequest(bare) : judgeRequest(example);
  const exchange = exchangeOf(example);
  if (asked === null || exchange.response === null)
    throw new Error(`the example reaches no method:\n${example.request}`);
  const { value: body } = readBody(exchange.response.body);
  return {
    contract: asked.contract,
    operation: asked.operation,
    exchange,
    asked,
    status: exchange.response.status,
    body,
    outcomes: outcomesOf(asked, body),
    created: keyOf(createdKey(asked, exchange.response)),
  };
}
