import { describe, expect, it } from 'vitest';
import { rerunOf } from '../../src/report/rerun.ts';
import { caseFinished, runStarted } from '../support/events.ts';

const again = (rerun: string): string | null => rerunOf(runStarted({ rerun }), caseFinished({ id: 'books/GET/a' }));

describe('the command that runs one case again', () => {
  it('keeps the target and every other flag of a run that had selected by --case', () => {
    expect(
      again(
        "restli-contract run b.contract.yaml --base-url http://h:8080 --timeout 2s --case 'books/**' -H 'A: it'\\''s'",
      ),
    ).toBe(
      "restli-contract run b.contract.yaml --base-url http://h:8080 --timeout 2s -H 'A: it'\\''s' --case books/GET/a",
    );
  });

  it('drops what would leave the case out: other selections, the line of a file, a shard, a minimum', () => {
    expect(
      again("restli-contract run 'my b.contract.yaml:41' --shard 2/3 --method=GET --min-coverage all=80 --strict"),
    ).toBe("restli-contract run 'my b.contract.yaml' --strict --case books/GET/a");
    expect(again('restli-contract run c.contract.ts:4:7')).toBe('restli-contract run c.contract.ts --case books/GET/a');
  });

  it('is none where nothing can be run again', () => {
    expect(rerunOf(runStarted({ command: 'proxy' }), caseFinished())).toBeNull();
  });
});
