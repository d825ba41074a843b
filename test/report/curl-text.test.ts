import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { curlText, quote } from '../../src/report/curl-text.ts';
import { body, exchangeOf, HOSTILE } from '../support/events.ts';

/** What a POSIX shell hands to `curl`: its arguments, and what it would read from stdin. */
function run(
  command: string,
  env: Readonly<Record<string, string>> = {},
): { readonly args: readonly string[]; readonly stdin: Buffer } {
  const script = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; printf '\\0\\0STDIN'; case " $* " in *" @- "*) cat;; esac; }\n${command}\n`;
  const out = execFileSync('/bin/sh', ['-c', script], { env, maxBuffer: 16_000_000 });
  const at = out.indexOf('\0\0STDIN');
  return {
    args: out.subarray(0, at).toString().split('\0').slice(0, -1),
    stdin: out.subarray(at + '\0\0STDIN'.length),
  };
}

describe('a request as curl', () => {
  it('is what a shell reads back as the request', () => {
    const { args } = run(
      curlText(
        exchangeOf({
          request: {
            verb: 'POST',
            url: `https://api.example.com/rest/books?q=by&name=It's $HOME \`id\` "x" \\`,
            headers: [
              ['X-RestLi-Method', 'CREATE'],
              ['X-Empty', ''],
              ['X-Quote', `'"$HOME\``],
              ['Host', 'left out'],
              ['Content-Length', '9'],
            ],
            body: body(`{"a":"it's $HOME"}`),
          },
        }),
      ),
    );
    expect(args).toEqual([
      '-sS',
      '-i',
      '-g',
      '--path-as-is',
      '-H',
      'X-RestLi-Method: CREATE',
      '-H',
      'X-Empty;',
      '-H',
      `X-Quote: '"$HOME\``,
      '-H',
      'Content-Type:',
      '--data-raw',
      `{"a":"it's $HOME"}`,
      `https://api.example.com/rest/books?q=by&name=It's $HOME \`id\` "x" \\`,
    ]);
  });

  it('reads a secret from a variable of the shell', () => {
    const command = curlText(
      exchangeOf({
        request: {
          headers: [
            ['Authorization', 'Bearer ‹redacted›'],
            ['X-Api-Key', '‹redacted›'],
          ],
          url: 'https://h/x?t=‹redacted›',
        },
      }),
    );
    const { args } = run(command, { TOKEN: 'abc', X_API_KEY: 'k 1', SECRET: 's' });
    expect(args.slice(4)).toEqual(['-H', 'Authorization: Bearer abc', '-H', 'X-Api-Key: k 1', 'https://h/x?t=s']);
  });

  it('pipes a body that no shell could hold, byte for byte', () => {
    const text = `%s \\n ' \u0000 \u001b[31m \u202e end`;
    const { args, stdin } = run(curlText(exchangeOf({ request: { verb: 'PUT', body: body(text) } })));
    expect(args).toContain('--data-binary');
    expect(stdin.toString()).toBe(text);
  });

  it('pipes a binary body out of base64', () => {
    const bytes = Buffer.from([0, 1, 255, 254]);
    const binary = { text: bytes.toString('base64'), bytes: 4, cut: false, encoding: 'base64' as const, sha256: null };
    expect(run(curlText(exchangeOf({ request: { verb: 'POST', body: binary } }))).stdin).toEqual(bytes);
  });

  it.each([
    { ...body('x'), cut: true, bytes: 70_000 },
    { ...body("'; touch /tmp/pwned; '"), encoding: 'base64' as const },
  ])('names a file for a body that it does not have whole', (given) => {
    const { args } = run(curlText(exchangeOf({ request: { verb: 'POST', body: given } })));
    expect(args).toContain('@body.bin');
  });

  it('tells a POST without a body its length', () => {
    expect(curlText(exchangeOf({ request: { verb: 'POST', headers: [] } }))).toContain(
      `-X POST -H 'Content-Length: 0'`,
    );
  });

  it('is printable and inert whatever the request holds', () => {
    const request = { verb: 'POST', url: HOSTILE, headers: [[HOSTILE, HOSTILE]] as const, body: body(HOSTILE) };
    const command = curlText(exchangeOf({ request }));
    // eslint-disable-next-line no-control-regex
    expect(command).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
    const { args, stdin } = run(command);
    expect(args[0]).toBe('-sS');
    expect(stdin.toString()).toBe(Buffer.from(HOSTILE).toString());
  });
});

describe('quoting', () => {
  it('hands any text to a shell as one argument', () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'binary', maxLength: 40 })
          .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text),
        (text) => {
          expect(execFileSync('/bin/sh', ['-c', `printf %s ${quote(text)}`]).toString()).toBe(text);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});
