import { describe, expect, it } from 'vitest';
import { exampleLines, isSequence } from '../../src/rules/example-text.ts';
import { RULES, ruleOf, type RuleExample } from '../../src/rules/index.ts';

describe('the text of an example', () => {
  it('is the exchange as it stands on the wire where there is one', () => {
    const lines = exampleLines(ruleOf('laws/return-entity-false').keeps);
    expect(lines[0]).toBe('POST /books/1?$returnEntity=false HTTP/1.1');
    expect(lines).toContain('X-RestLi-Protocol-Version: 2.0.0');
  });

  it('numbers the exchanges of a sequence, all of them', () => {
    const sequences = [...RULES.values()].flatMap(({ keeps, breaks }) => [keeps, breaks]).filter(isSequence);
    expect(sequences.length).toBeGreaterThan(100);
    for (const example of sequences) {
      const numbers = exampleLines(example).flatMap((line) => /^(\d+)\. \S/.exec(line)?.[1] ?? []);
      expect(numbers).toEqual(Array.from({ length: 1 + (example.before?.length ?? 0) }, (_, i) => String(i + 1)));
    }
  });

  it('shows the exchange that breaks a law beside those before it', () => {
    const { keeps, breaks } = ruleOf('laws/deleted-is-gone');
    expect(exampleLines(keeps)).toEqual([
      '1. DELETE /books/1',
      '   -> 204',
      '2. GET /books/1',
      '   -> 404',
      '   {"status":404}',
    ]);
    expect(exampleLines(breaks).slice(0, 4)).toEqual([
      '1. DELETE /books/1',
      '   -> 204',
      '2. GET /books/1',
      '   -> 200',
    ]);
  });

  it('names the method where the verb does not, and keeps headers that differ or are not usual', () => {
    expect(exampleLines(ruleOf('laws/created-is-readable').keeps)).toContain('   X-RestLi-Id: 1');
    expect(exampleLines(ruleOf('laws/batch-get-unites').keeps)[0]).toBe('1. BATCH_GET  GET /books?ids=List(1,2)');
    expect(exampleLines(ruleOf('laws/versions-agree').keeps)).toContain('   X-RestLi-Protocol-Version: 1.0.0');
    expect(exampleLines(ruleOf('laws/header-names-have-no-case').keeps)).toContain('   x-restli-method: GET');
  });

  it('differs between what keeps a rule and what breaks it, where nothing else does', () => {
    const alike = [...RULES.values()].filter(({ keeps, breaks }) => {
      const besides = ({ before: _b, request: _q, response: _a, ...more }: RuleExample): string => JSON.stringify(more);
      return besides(keeps) === besides(breaks) && exampleLines(keeps).join('\n') === exampleLines(breaks).join('\n');
    });
    expect(alike.map(({ id }) => id)).toEqual([]);
  });

  it('indents every line of a body', () => {
    const lines = exampleLines(ruleOf('laws/tunnelled-write-is-done').keeps);
    expect(lines.filter((line) => line !== '' && !/^(?:\d+\. |   )/.test(line))).toEqual([]);
  });
});
