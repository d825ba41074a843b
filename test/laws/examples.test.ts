import { describe, expect, it } from 'vitest';
import { LAWS } from '../../src/laws/index.ts';
import type { TraceCheck } from '../../src/laws/law.ts';
import { refusedCheck, type RefusalRule } from '../../src/laws/refused.ts';
import { METHOD_NAMES, profileOf } from '../../src/protocol/methods.ts';
import { RULES, type Rule } from '../../src/rules/index.ts';
import { books } from '../mock/library.ts';
import { judgeAnswer, judgeRequest } from '../rules/example.ts';
import { traceOf } from './trace.ts';

const ofLaws = [...RULES.values()].filter(({ id }) => id.startsWith('laws/'));
const ofMatrix = [...RULES.values()].filter(({ id }) => /^(?:header-matrix|negative)\//.test(id));

function checkOf({ id }: Rule): TraceCheck {
  const law = LAWS.find(({ rule }) => rule === id);
  if (law === undefined) throw new Error(`no law has the rule ${id}`);
  return law.check;
}

describe('the laws', () => {
  it('are at least twenty, each with a rule of its own', () => {
    expect(LAWS.length).toBeGreaterThanOrEqual(20);
    expect(LAWS.map(({ rule }) => rule).toSorted()).toEqual(ofLaws.map(({ id }) => id).toSorted());
  });

  it('speak of every method', () => {
    const spoken = METHOD_NAMES.filter((name) =>
      books.operations.some(
        (operation) => operation.method === name && LAWS.some((law) => law.appliesTo(profileOf(name), operation)),
      ),
    );
    expect(spoken).toEqual(METHOD_NAMES);
  });
});

/** What the library promises beyond the protocol, and no example shows: totals, written entities, tags. */
const LEFT_OUT = new Set(['paging/total-missing', 'create/entity-missing', 'response-headers/declared-missing']);

describe.each(ofLaws)('law $id', (rule) => {
  it('is kept by the example that keeps it', () => {
    expect(checkOf(rule)(traceOf(rule.keeps))).toEqual([]);
  });

  it('is broken by the example that breaks it, and names itself alone and the exchange', () => {
    const trace = traceOf(rule.breaks);
    const findings = checkOf(rule)(trace);
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule.id]);
    for (const { exchange } of findings) expect(trace[exchange]).toBeDefined();
  });

  it('is kept by exchanges that each keep the other rules', () => {
    const { before = [], ...last } = rule.keeps;
    const all = [...before.map((one) => ({ ...last, ...one })), last];
    // A refusal of a request that reaches no method is the point of some.
    const reached = all.filter((one) => judgeRequest(one).asked !== null);
    const broken = reached.flatMap((one) => judgeAnswer(one).filter(({ level }) => level === 'must'));
    expect(broken.map((violation) => violation.rule).filter((id) => !LEFT_OUT.has(id))).toEqual([]);
  });

  it('leaves a trace alone that ends before it began', () => {
    expect(checkOf(rule)([])).toEqual([]);
  });
});

describe.each(ofMatrix)('rule $id of refusals', (rule) => {
  const check = refusedCheck(rule.id as RefusalRule, 'the example says so');
  const entryOf = (example: Rule['keeps']) => {
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(example.response ?? '')?.[1]);
    return [
      {
        ...traceOf({
          request: 'GET /books/1 HTTP/1.1\nX-RestLi-Protocol-Version: 2.0.0\n\n',
          response: example.response ?? '',
        })[0]!,
        status,
      },
    ];
  };

  it('is kept by a refusal', () => {
    expect(check(entryOf(rule.keeps))).toEqual([]);
  });

  it('is broken by a success', () => {
    expect(check(entryOf(rule.breaks)).map((finding) => finding.rule)).toEqual([rule.id]);
  });
});
