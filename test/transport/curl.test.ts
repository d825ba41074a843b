import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { toCurl } from '../../src/transport/curl.ts';
import type { HttpRequest } from '../../src/transport/exchange.ts';
import { createRedactor } from '../../src/transport/redact.ts';
import { get, rawServer, reply } from './raw-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const post = (body: string | Uint8Array, headers: HttpRequest['headers'] = []): HttpRequest => ({
  verb: 'POST',
  origin: 'http://h:1',
  target: '/x',
  headers,
  body: typeof body === 'string' ? Buffer.from(body) : body,
});

describe('a curl command', () => {
  it('keeps the URL as it is and quotes for POSIX shells', () => {
    expect(
      toCurl(
        get('http://h:1', "/a/../''?x=List(a,b)&y={z}", [
          ['X-RestLi-Method', 'GET'],
          ['A', "it's"],
        ]),
      ),
    ).toBe(
      `curl -sS --path-as-is --globoff -X GET -H 'X-RestLi-Method: GET' -H 'A: it'\\''s' 'http://h:1/a/../'\\'''\\''?x=List(a,b)&y={z}'`,
    );
  });

  it('keeps doubled headers and empty values', () => {
    expect(
      toCurl(
        get('http://h:1', '/', [
          ['X', '1'],
          ['x', '2'],
          ['Y', ''],
        ]),
      ),
    ).toContain(`-H 'X: 1' -H 'x: 2' -H 'Y;'`);
  });

  it('has no Content-Type that nobody set, and the length of a body that is none', () => {
    expect(toCurl(post('{"a":1}'))).toContain(`-H 'Content-Type:' --data-binary '{"a":1}'`);
    expect(toCurl(post('{}', [['content-type', 'application/json']]))).not.toContain(`'Content-Type:'`);
    expect(toCurl(post(''))).toContain(`-H 'Content-Length: 0'`);
  });

  it('does not read a file where the body begins with @', () => {
    expect(toCurl(post('@/etc/passwd'))).toContain(`--data-raw @/etc/passwd`);
  });

  it('reads a body that is no text from a file', () => {
    expect(toCurl(post(Uint8Array.from([0, 255])))).toMatch(
      /--data-binary @body\.bin .* # put the 2 bytes of the body into body\.bin first$/,
    );
    expect(toCurl(post('\x1b[31m'), { bodyFile: 'b 1.bin' })).toContain(`--data-binary '@b 1.bin'`);
  });

  it('shows secrets as variables, within any quotes', () => {
    const redactor = createRedactor({ values: ['s3cr3t'] });
    const request = {
      ...post('{"q":"s3cr3t"}', [
        ['Authorization', 'Bearer AAA'],
        ['X-Api-Key', 'k'],
      ]),
      target: '/x?a=s3cr3t',
    };
    const text = toCurl(request, { redactor, insecure: true });
    expect(text).toContain(`-H "Authorization: Bearer $TOKEN" -H "X-Api-Key: $X_API_KEY"`);
    expect(text).toContain(`--data-binary '{"q":"'"$SECRET"'"}'`);
    expect(text).toContain(`"http://h:1/x?a=$SECRET"`);
    expect(text).toContain('--insecure');
    expect(text).not.toMatch(/s3cr3t|AAA/);
  });

  it('uses --head for HEAD, which has no body to wait for', () => {
    expect(toCurl({ ...get('http://h:1'), verb: 'HEAD' })).toContain(' --head ');
  });

  it('cannot steer a terminal', () => {
    expect(toCurl(get('http://h:1', '/\x1b[2J'))).toContain('/%1B[2J');
  });

  it('is read by a shell as it was meant', async () => {
    // `curl` stands for a function that prints its arguments, so this needs a shell but no curl.
    const body = `it's "quoted" $HOME \`x\` \\ \n€`;
    const command = toCurl(post(body, [['A', `'"$(x)`]]));
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; }; ${command}`,
    ]);
    expect(stdout.split('\0').slice(0, -1)).toEqual([
      '-sS',
      '--path-as-is',
      '--globoff',
      '-X',
      'POST',
      '-H',
      `A: '"$(x)`,
      '-H',
      'Content-Type:',
      '--data-binary',
      body,
      'http://h:1/x',
    ]);
  });

  it('sends the bytes of the request, where curl is installed', async () => {
    const server = await rawServer(() => (socket) => void socket.end(reply(200, 'ok', ['Connection: close'])));
    open.push(server);
    const request = {
      ...post('{"a":"ö"}', [
        ['X', '1'],
        ['X', '2'],
      ]),
      origin: server.origin,
      target: "/a/../''?q=List(a)&r=[1-2]",
    };
    const sent = await promisify(execFile)('sh', ['-c', `command -v curl >/dev/null || exit 0; ${toCurl(request)}`]);
    if (sent.stdout === '') return;
    const [head = '', body] = (server.requests[0] ?? '').split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe("POST /a/../''?q=List(a)&r=[1-2] HTTP/1.1");
    expect(head.match(/^X: ./gm)).toEqual(['X: 1', 'X: 2']);
    expect(head).not.toMatch(/content-type/i);
    expect(body).toBe(Buffer.from('{"a":"ö"}').toString('latin1'));
  });
});
