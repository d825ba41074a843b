/**
 * A recorded request as one command line for a POSIX shell.
 *
 * Works on the redacted copy: what was taken out becomes a shell variable, so the line runs once the reader has set it.
 * Quoting: POSIX Shell Command Language 2.2.2 (single quotes); `printf` octal escapes for bytes that no terminal should see.
 */
import { visible } from '../diagnostic/visible.ts';
import type { EventBody, EventExchange } from '../run/events.ts';

/** What the redactor writes in place of a secret. */
const REDACTED = '‹redacted›';
/** curl and HTTP write these themselves. */
const LEFT_OUT = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
]);

/**
 * @param maxBody - characters of a body that are written out; a longer one is to be read from a file
 * @returns one line for short requests, else one option a line joined by `\`; every character is printable
 */
export function curlText(exchange: EventExchange, maxBody: number = Infinity): string {
  const { verb, url, headers, body } = exchange.request;
  const impliedVerb = body === null ? 'GET' : 'POST';
  const options: string[] = [];

  if (verb !== impliedVerb) options.push(`-X ${quote(verb)}`);
  if (verb === 'HEAD') options.splice(0, options.length, '-I');
  for (const [name, value] of headers) {
    if (!LEFT_OUT.has(name.toLowerCase())) options.push(`-H ${headerArgument(name, value)}`);
  }
  // Servers want to know the length of what a POST or PUT sends, also where it sends nothing.
  if (body === null && (verb === 'POST' || verb === 'PUT')) options.push(`-H 'Content-Length: 0'`);
  const upload = body === null ? null : uploadOf(body, maxBody);
  if (upload !== null) {
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) options.push(`-H 'Content-Type:'`);
    options.push(upload.option);
  }
  options.push(withVariables(url, 'SECRET'));

  const command = ['curl -sS -i -g --path-as-is', ...options];
  const line = command.join(' ');
  return (upload?.before ?? '') + (line.length <= 100 ? line : command.join(' \\\n  '));
}

/** One argument of a POSIX shell; left bare where no character needs quotes. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function headerArgument(name: string, value: string): string {
  if (value === '') return quote(`${name};`);
  const variable = name.toLowerCase() === 'authorization' ? 'TOKEN' : variableName(name);
  return withVariables(`${name}: ${value}`, variable);
}

/** Quotes text, with `"$NAME"` where a secret was. */
function withVariables(text: string, variable: string): string {
  const shown = visible(text);
  if (!shown.includes(REDACTED)) return `'${shown.replaceAll("'", `'\\''`)}'`;
  return shown
    .split(REDACTED)
    .map((part) => (part === '' ? '' : `'${part.replaceAll("'", `'\\''`)}'`))
    .join(`"$${variable}"`);
}

function variableName(header: string): string {
  const name = header.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return /^[A-Z]/.test(name) ? name : `H_${name}`;
}

/** How the body travels: an argument where it is text, a pipe where a shell could not hold it. */
function uploadOf(body: EventBody, maxBody: number): { readonly before: string; readonly option: string } {
  const isWhole =
    !body.cut && body.text.length <= maxBody && (body.encoding === 'utf8' || /^[A-Za-z0-9+/=]*$/.test(body.text));
  if (!isWhole) {
    const before = `# body.bin: the ${body.bytes} bytes of the body, more than is written here\n`;
    return { before, option: '--data-binary @body.bin' };
  }
  if (body.encoding === 'base64') {
    return { before: `printf %s '${body.text}' | base64 -d | `, option: '--data-binary @-' };
  }
  if (visible(body.text) !== body.text)
    return { before: `printf '${printfFormat(body.text)}' | `, option: '--data-binary @-' };
  return { before: '', option: `--data-raw ${withVariables(body.text, 'SECRET')}` };
}

function printfFormat(text: string): string {
  let format = '';
  for (const byte of new TextEncoder().encode(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x25 && byte !== 0x5c;
    format += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return format;
}
