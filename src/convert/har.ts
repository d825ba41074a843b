/** HAR 1.2 -> draft contracts. */
import { readHar } from '../transport/har.ts';
import { Places } from './places.ts';
import type { Conversion } from './restspec.ts';
import { draftContracts, type DraftOptions } from './recording/draft.ts';
import { harCredentials } from './recording/har-credentials.ts';

/**
 * Draft contracts of what a recording called: resources, methods, types and cases as far as the exchanges show them,
 * secrets left out.
 *
 * @param text - the HAR file
 */
export function fromHar(text: string, options: DraftOptions): Conversion {
  const places = new Places(options.file, text);
  const { entries, problems } = readHar(text);
  const draft = draftContracts(
    {
      recorded: entries.map(({ request, response, at }) => ({ request, response, at: places.range(at) })),
      problems: problems.map(({ severity, message, at, fix }) => ({
        severity,
        code: severity === 'error' ? 'har' : 'url',
        message,
        at: places.range(at),
        fix,
      })),
      credentials: harCredentials(text),
      text,
    },
    options,
  );
  return { ...draft, texts: new Map([[options.file, text]]) };
}
