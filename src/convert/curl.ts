/** curl commands -> draft contracts. */
import { readCurl } from '../transport/curl-read.ts';
import { Places } from './places.ts';
import type { Conversion } from './restspec.ts';
import { draftContracts, type DraftOptions } from './recording/draft.ts';
import type { DraftProblem } from './recording/recorded.ts';

const NO_COMMAND: DraftProblem = {
  severity: 'error',
  code: 'curl',
  message: 'there is no curl command with a URL',
  at: null,
  fix: 'hand in a file of curl commands',
};

/**
 * Draft contracts of the requests that curl commands send; answers are not known, so nothing is expected but success.
 *
 * @param text - one command or a script of them; other commands are passed over
 */
export function fromCurl(text: string, options: DraftOptions): Conversion {
  const places = new Places(options.file, text);
  const { requests, problems: found, credentials } = readCurl(text);
  const problems = found.map(({ severity, message, at, fix }): DraftProblem => ({
    severity,
    code: 'curl',
    message,
    at: places.range(at),
    fix,
  }));
  const isRead = problems.every(({ severity }) => severity !== 'error');
  const draft = draftContracts(
    {
      recorded: requests.map(({ request, at }) => ({ request, response: null, at: places.range(at) })),
      problems: isRead && requests.length === 0 ? [...problems, NO_COMMAND] : problems,
      credentials,
      text,
    },
    options,
  );
  return { ...draft, texts: new Map([[options.file, text]]) };
}
