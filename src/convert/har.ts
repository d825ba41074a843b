/**
 * HAR 1.2 -> draft contracts. Source: the HAR 1.2 specification, section `entries`.
 */
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { Conversion } from './restspec.ts';
import { readJsonText, type JsonNode } from './json-text.ts';
import { problem, reading } from './problem.ts';
import { draftContracts, type DraftOptions } from './recording/draft.ts';
import { splitUrl, type Recorded } from './recording/recorded.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';

/**
 * Draft contracts of what a recording called: resources, methods, types and cases as far as the exchanges show them,
 * secrets left out.
 *
 * @param text - the HAR file
 */
export function fromHar(text: string, options: DraftOptions): Conversion {
  const problems: Diagnostic[] = [];
  const read = reading(() => readEntries(readJsonText(text, options.file), problems), 'har');
  const texts = new Map([[options.file, text]]);
  if ('problem' in read) return { files: new Map(), problems: [read.problem], texts };
  const draft = draftContracts(read.value, options);
  return { ...draft, problems: [...problems, ...draft.problems], texts };
}

function readEntries(root: JsonNode, problems: Diagnostic[]): readonly Recorded[] {
  return root
    .need('log')
    .need('entries')
    .items()
    .flatMap((entry) => {
      const node = entry.need('request');
      const url = splitUrl(node.need('url').text());
      if (url === null) {
        problems.push(problem('warning', 'url', 'this is no http URL; the entry is passed over', node.need('url').at));
        return [];
      }
      const post = node.get('postData');
      const request: HttpRequest = {
        verb: node.need('method').text().toUpperCase(),
        ...url,
        headers: headersOf(node),
        body: post === null ? null : bytesOf(post.get('text')?.text() ?? '', post.get('encoding')?.value),
      };
      return [{ request, response: responseOf(entry), at: node.at }];
    });
}

/** Status 0 means that no answer came. */
function responseOf(entry: JsonNode): HttpResponse | null {
  const node = entry.get('response');
  const status = node?.get('status')?.integer() ?? 0;
  if (node === null || status < 100) return null;
  const content = node.get('content');
  return {
    status,
    headers: headersOf(node),
    body: bytesOf(content?.get('text')?.text() ?? '', content?.get('encoding')?.value),
  };
}

/** Names that begin with `:` are HTTP/2's own. */
function headersOf(node: JsonNode): readonly (readonly [string, string])[] {
  const lines = (node.get('headers')?.items() ?? []).map((line): readonly [string, string] => [
    line.need('name').text(),
    line.need('value').text(),
  ]);
  return lines.filter(([name]) => !name.startsWith(':'));
}

function bytesOf(text: string, encoding: unknown): Uint8Array {
  return encoding === 'base64' ? Buffer.from(text, 'base64') : Buffer.from(text, 'utf8');
}
