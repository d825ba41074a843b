/** Writes the examples of the catalogue: HTTP messages as they stand on the wire, with the usual headers filled in. */

type Headers = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * A request on the example contracts.
 *
 * @param method - value of `X-RestLi-Method`; null leaves the header out
 * @param line - verb and target: `GET /books/1`
 * @param body - JSON as it is sent; its `Content-Type` comes with it
 * @param headers - further lines; null takes a usual one away, a list sends the line several times
 */
export function request(
  method: string | null,
  line: string,
  body: string | null = null,
  headers: Headers = {},
): string {
  const usual: Headers = {
    'X-RestLi-Protocol-Version': '2.0.0',
    'X-RestLi-Method': method,
    'Content-Type': body === null ? null : 'application/json',
  };
  return message(`${line} HTTP/1.1`, { ...usual, ...headers }, body);
}

/** An answer; `X-RestLi-Protocol-Version` and, with a body, `Content-Type` are filled in. */
export function response(status: number, body: string | null = null, headers: Headers = {}): string {
  const usual: Headers = {
    'X-RestLi-Protocol-Version': '2.0.0',
    'Content-Type': body === null ? null : 'application/json',
    'X-RestLi-Error-Response': status >= 400 && body !== null ? 'true' : null,
  };
  return message(`HTTP/1.1 ${status}`, { ...usual, ...headers }, body);
}

function message(first: string, headers: Headers, body: string | null): string {
  const lines = [first];
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) continue;
    for (const text of typeof value === 'string' ? [value] : value) lines.push(`${name}: ${text}`);
  }
  return `${lines.join('\n')}\n\n${body ?? ''}`;
}
