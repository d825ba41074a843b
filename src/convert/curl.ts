/** curl commands -> draft contracts. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { readCurl } from '../transport/curl-read.ts';
import { Places } from './places.ts';
import { problem } from './problem.ts';
import type { Conversion } from './restspec.ts';
import { draftContracts, type DraftOptions } from './recording/draft.ts';

/**
 * Draft contracts of the requests that curl commands send; answers are not known, so nothing is expected but success.
 *
 * @param text - one command or a script of them; other commands are passed over
 */
export function fromCurl(text: string, options: DraftOptions): Conversion {
  const places = new Places(options.file, text);
  const texts = new Map([[options.file, text]]);
  const { requests, problems: found } = readCurl(text);
  const problems: Diagnostic[] = found.map(({ severity, message, at, fix }) =>
    problem(severity, 'curl', message, places.range(at), fix),
  );
  if (found.some(({ severity }) => severity === 'error')) return { files: new Map(), problems, texts };
  if (requests.length === 0)
    problems.push(
      problem('error', 'curl', 'there is no curl command with a URL', null, 'hand in a file of curl commands'),
    );
  const recorded = requests.map(({ request, at }) => ({ request, response: null, at: places.range(at) }));
  const draft = draftContracts(recorded, options);
  return { ...draft, problems: [...problems, ...draft.problems], texts };
}
