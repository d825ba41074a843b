/** HAR 1.2 -> draft contracts. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { readHar } from '../transport/har.ts';
import { Places } from './places.ts';
import { problem } from './problem.ts';
import type { Conversion } from './restspec.ts';
import { draftContracts, type DraftOptions } from './recording/draft.ts';

/**
 * Draft contracts of what a recording called: resources, methods, types and cases as far as the exchanges show them,
 * secrets left out.
 *
 * @param text - the HAR file
 */
export function fromHar(text: string, options: DraftOptions): Conversion {
  const places = new Places(options.file, text);
  const texts = new Map([[options.file, text]]);
  const { entries, problems: found } = readHar(text);
  const problems: Diagnostic[] = found.map(({ severity, message, at, fix }) =>
    problem(severity, severity === 'error' ? 'har' : 'url', message, places.range(at), fix),
  );
  if (found.some(({ severity }) => severity === 'error')) return { files: new Map(), problems, texts };
  const draft = draftContracts(
    entries.map(({ request, response, at }) => ({ request, response, at: places.range(at) })),
    options,
  );
  return { ...draft, problems: [...problems, ...draft.problems], texts };
}
