/**
 * No secret of a recording is seen in what becomes of it: each place where one can stand is combined with each place
 * where it can stand again, in every form that travels.
 */
import { describe, expect, it } from 'vitest';
import { parseContract } from '../../src/contract/parse.ts';
import { fromCurl, fromHar, type Conversion } from '../../src/convert/index.ts';

interface Pair {
  readonly name: string;
  readonly value: string;
}

interface Draft {
  method: string;
  url: string;
  readonly headers: Pair[];
  readonly cookies: Pair[];
  readonly queryString: Pair[];
  body: unknown;
  readonly params: Pair[];
  status: number;
  readonly answerHeaders: Pair[];
  readonly answerCookies: Pair[];
  answer: unknown;
}

function draft(url = '/books/1'): Draft {
  return {
    method: 'GET',
    url: `https://h.example${url}`,
    headers: [{ name: 'X-RestLi-Protocol-Version', value: '2.0.0' }],
    cookies: [],
    queryString: [],
    body: undefined,
    params: [],
    status: 200,
    answerHeaders: [],
    answerCookies: [],
    answer: { id: 1, title: 'Dunes' },
  };
}

function har(entries: readonly Draft[]): string {
  return JSON.stringify({
    log: {
      entries: entries.map((one) => ({
        request: {
          method: one.method,
          url: one.url,
          headers: one.headers,
          cookies: one.cookies,
          queryString: one.queryString,
          ...(one.body === undefined ? {} : { postData: { text: JSON.stringify(one.body) } }),
          ...(one.params.length === 0 ? {} : { postData: { params: one.params } }),
        },
        response: {
          status: one.status,
          headers: one.answerHeaders,
          cookies: one.answerCookies,
          content: { text: JSON.stringify(one.answer) },
        },
      })),
    },
  });
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const url = encodeURIComponent;

/** Where a secret is known to be one. */
const PLACES: Readonly<Record<string, (entry: Draft, secret: string) => void>> = {
  'a bearer token': (entry, secret) => entry.headers.push({ name: 'Authorization', value: `Bearer ${secret}` }),
  'a basic password': (entry, secret) =>
    entry.headers.push({ name: 'authorization', value: `Basic ${base64(`bob:${secret}`)}` }),
  'a proxy password': (entry, secret) =>
    entry.headers.push({ name: 'Proxy-Authorization', value: `Basic ${base64(`bob:${secret}`)}` }),
  'a proxy token': (entry, secret) => entry.headers.push({ name: 'Proxy-Authorization', value: `Bearer ${secret}` }),
  'an own authorization': (entry, secret) => entry.headers.push({ name: 'X-Shop-Authorization', value: secret }),
  'a cookie': (entry, secret) => entry.headers.push({ name: 'Cookie', value: `a=b; anything=${secret}; lang=en` }),
  'an encoded cookie': (entry, secret) => entry.headers.push({ name: 'cookie', value: `sid=${url(secret)}` }),
  'a listed cookie': (entry, secret) => entry.cookies.push({ name: 'anything', value: secret }),
  'a cookie that is set': (entry, secret) =>
    entry.answerHeaders.push({ name: 'Set-Cookie', value: `sid=${url(secret)}; Path=/; HttpOnly` }),
  'a listed cookie that is set': (entry, secret) => entry.answerCookies.push({ name: 'sid', value: secret }),
  'an api key': (entry, secret) => entry.headers.push({ name: 'X-Api-Key', value: secret }),
  'a header of an answer': (entry, secret) => entry.answerHeaders.push({ name: 'X-Auth-Token', value: secret }),
  'a password in the URL': (entry, secret) => (entry.url = entry.url.replace('://', `://joe:${url(secret)}@`)),
  'a token before the host': (entry, secret) => (entry.url = entry.url.replace('://', `://${url(secret)}@`)),
  ...Object.fromEntries(
    ['access_token', 'pwd', 'accessKey', 'jwt', 'X-Amz-Signature', 'signature', 'auth', 'sig'].map((name) => [
      `the parameter ${name}`,
      (entry: Draft, secret: string) => (entry.url += `${entry.url.includes('?') ? '&' : '?'}${name}=${url(secret)}`),
    ]),
  ),
  'a listed parameter': (entry, secret) => entry.queryString.push({ name: 'api_key', value: secret }),
  'a field of a form': (entry, secret) => {
    entry.method = 'POST';
    entry.params.push({ name: 'client_secret', value: secret });
  },
  'a member of a body': (entry, secret) => {
    entry.method = 'PUT';
    entry.status = 204;
    entry.body = { title: 'Dunes', login: { password: secret } };
  },
  'a member of an answer': (entry, secret) => (entry.answer = { id: 1, refreshToken: secret }),
};

/** Where it may stand once more, in a request or answer of its own; the text is the secret in some form. */
const ECHOES: Readonly<Record<string, (text: string) => Draft>> = {
  'a key': (text) => draft(`/books/${url(text)}`),
  'a key above': (text) => draft(`/shelves/${url(text)}/books/1`),
  'a part of a key': (text) => draft(`/loans/(book:${url(text).replace(/[()']/g, '')},reader:2)`),
  'a partial key': (text) => draft(`/loans/(book:${url(text).replace(/[()']/g, '')})?q=open`),
  ids: (text) => draft(`/books?ids=List(${url(text)},2)`),
  'a parameter': (text) => draft(`/books?q=search&note=${url(text)}`),
  'the name of a parameter': (text) => draft(`/books?q=search&${url(text)}=1`),
  'the name of a finder': (text) => draft(`/books?q=${url(text)}`),
  'a mask': (text) => draft(`/books/1?fields=${url(text)}`),
  criteria: (text) => draft(`/books?bq=many&criteria=List((note:${url(text).replace(/[()']/g, '')}))`),
  'a name of the path': (text) => draft(`/${url(text)}/1`),
  'a request that is passed over': (text) => draft(`/books/1?ids=List(1)&q=a&note=${url(text)}`),
  'a path that cannot be read': (text) => draft(`/books/%ZZ?note=${url(text)}`),
  'a verb without method': (text) => ({ ...draft(`/books/1?note=${url(text)}`), method: 'PATCH' }),
  'a verb': (text) => ({ ...draft(), method: text }),
  'an unreadable tunnel': (text) => ({
    ...draft(`/books/${url(text)}`),
    method: 'POST',
    headers: [{ name: 'X-HTTP-Method-Override', value: text }],
  }),
  'a header': (text) => ({ ...draft(), headers: [{ name: 'X-Note', value: text }] }),
  'a version': (text) => ({ ...draft(), headers: [{ name: 'X-RestLi-Protocol-Version', value: text }] }),
  'a body': (text) => ({ ...draft(), method: 'PUT', body: { title: text, [`m ${text}`]: [text] }, status: 204 }),
  'a patch': (text) => ({
    ...draft(),
    method: 'POST',
    headers: [{ name: 'X-RestLi-Method', value: 'PARTIAL_UPDATE' }],
    body: { patch: { $set: { title: text }, $delete: [text] } },
    status: 204,
  }),
  'a batch': (text) => ({
    ...draft(`/books?ids=List(${url(text)})`),
    method: 'PUT',
    body: { entities: { [text]: { title: text } } },
    answer: { results: { [text]: { status: 204 } }, errors: {} },
  }),
  'an action': (text) => ({
    ...draft(`/books?action=${url(text)}`),
    method: 'POST',
    body: { note: text },
    answer: { value: text },
  }),
  'an answer': (text) => ({ ...draft(), answer: { id: 1, title: `so ${text}!`, deep: [{ [text]: text }] } }),
  'an error': (text) => ({ ...draft(), status: 400, answer: { status: 400, code: text, message: text } }),
  'an id that is created': (text) => ({
    ...draft('/books'),
    method: 'POST',
    body: { title: 'x' },
    status: 201,
    answerHeaders: [{ name: 'X-RestLi-Id', value: text }],
  }),
  elements: (text) => ({ ...draft('/books?q=search'), answer: { elements: [{ id: text, title: text }] } }),
  'a map of results': (text) => ({
    ...draft('/books?ids=List(1)'),
    answer: { results: { [text]: { id: text } }, errors: { 1: { status: 404, message: text } } },
  }),
};

const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'percent-encoded': url,
  'base64-encoded': base64,
};

/** All that a user may see of it. */
function seen({ files, problems }: Conversion): string {
  return [...files].flat().join('\n') + JSON.stringify(problems);
}

/** The secret, or enough of it to guess the rest, in clear or in base64. */
function leak(shown: string, secret: string): string | null {
  const core = base64(secret).slice(4, -6);
  const forms = [secret, url(secret), core, secret.slice(0, -3)];
  return forms.find((form) => shown.toLowerCase().includes(form.toLowerCase())) ?? null;
}

// Letters alone may be the name of a resource; signs are encoded on the way.
const SECRETS = ['Marker0Zq7', 'mk/+ 4tZ9=x', 'MARKERSECRET'];

describe('a secret in', () => {
  it.each(Object.keys(PLACES))('%s is seen nowhere', (place) => {
    for (const secret of SECRETS)
      for (const [form, encode] of Object.entries(FORMS)) {
        const source = draft('/books/1');
        PLACES[place]?.(source, secret);
        const echoes = Object.values(ECHOES).flatMap((make) => {
          // At the same request, and at another one.
          const same = make(encode(secret));
          if (!place.includes('body') && !place.includes('form')) PLACES[place]?.(same, secret);
          return [make(encode(secret)), same];
        });
        const shown = seen(fromHar(har([source, draft('/books/2'), ...echoes]), { file: 'a.har' }));
        expect([form, leak(shown, secret)]).toEqual([form, null]);
        expect(shown).not.toContain('is withheld');
      }
  });
});

describe('a draft without its secrets', () => {
  it.each(Object.keys(ECHOES))('is a contract where one stood as %s', (echo) => {
    const source = draft('/books/1');
    PLACES['a cookie']?.(source, 'Marker0Zq7');
    const made = fromHar(har([source, ECHOES[echo]?.('Marker0Zq7') ?? draft()]), { file: 'a.har' });
    expect(made.files.size).toBeGreaterThan(0);
    for (const [file, text] of made.files)
      expect(parseContract(text, { file }).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('tells keys apart that are different secrets', () => {
    const source = draft('/books/1');
    source.headers.push({ name: 'Cookie', value: 'a=Marker0Zq7; b=Marker1Zq8' });
    const { files } = fromHar(har([source, draft('/books?ids=List(Marker0Zq7,Marker1Zq8)')]), { file: 'a.har' });
    expect(files.get('books.contract.yaml')).toContain('ids: ["${env.A:-secret}", "${env.B:-secret2}"]');
  });

  it('keeps numbers, settings and words of the protocol that a cookie repeats', () => {
    const source = draft('/books/1');
    source.headers.push({ name: 'Cookie', value: 'lang=en; id=1; theme=elements; t=title' });
    const { files } = fromHar(har([source]), { file: 'a.har' });
    expect(files.get('books.contract.yaml')).toContain('body: { id: 1, title: Dunes }');
  });

  it('is withheld rather than shown with one', () => {
    // The letters of a path are escaped without need: no form that anybody would look for.
    const source = draft('/books/1');
    source.headers.push({ name: 'Cookie', value: 'sid=Marker0Zq7' });
    const escaped = 'Marker0Zq7'.replaceAll(/./g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    const shown = seen(fromHar(har([source, draft(`/books/${escaped}`), draft(`/books?q=${escaped}`)]), { file: 'a' }));
    expect(shown).not.toContain('Marker0Zq7');
  });
});

describe('curl commands', () => {
  const places: Readonly<Record<string, (secret: string) => string>> = {
    '-u': (secret) => `-u 'bob:${secret}'`,
    '--user': (secret) => `--user 'bob:${secret}'`,
    '-U': (secret) => `-x http://proxy -U 'bob:${secret}'`,
    '--proxy': (secret) => `--proxy 'http://bob:${url(secret)}@proxy'`,
    '--proxy-header': (secret) => `--proxy-header 'X-Api-Key: ${secret}'`,
    '--pass': (secret) => `--pass '${secret}'`,
    '--cert': (secret) => `--cert 'me.pem:${secret}'`,
    '-b': (secret) => `-b 'a=b; sid=${secret}'`,
    '--oauth2-bearer': (secret) => `--oauth2-bearer '${secret}'`,
    '-H Authorization': (secret) => `-H 'Authorization: Bearer ${secret}'`,
    '-H Cookie': (secret) => `-H 'Cookie: x=${secret}'`,
    'a header without colon': (secret) => `-H 'Authorization Bearer ${secret}'`,
    '--json': (secret) => `-X PUT --json '{"password":"${secret}"}'`,
    '-d': (secret) => `-d 'client_secret=${url(secret)}'`,
    '-e': (secret) => `-e 'https://joe:${url(secret)}@h.example/'`,
    'the URL': (secret) => `'https://joe:${url(secret)}@h.example/books/3'`,
  };
  const echoes: readonly ((text: string) => string)[] = [
    (text) => `curl 'https://h.example/books/1?echo=${url(text)}'`,
    (text) => `curl 'https://h.example/books/${url(text)}'`,
    (text) => `curl -X PATCH 'https://h.example/books/1?note=${url(text)}'`,
    (text) => `curl -H 'X-Note: ${text}' https://h.example/books/1`,
    (text) => `curl -H '${text}' https://h.example/books/1`,
    (text) => `curl -d '@${text}' https://h.example/books/1`,
    (text) => `curl -X PUT --json '{"title":"${text}"}' https://h.example/books/1`,
  ];

  it.each(Object.keys(places))('show no secret of %s', (place) => {
    for (const secret of SECRETS)
      for (const encode of Object.values(FORMS))
        for (const echo of echoes) {
          const text = `curl https://h.example/books/2 ${places[place]?.(secret) ?? ''}\n${echo(encode(secret))}\n`;
          const made = fromCurl(text, { file: 'calls.sh' });
          expect([text, leak(seen(made), secret)]).toEqual([text, null]);
        }
  });

  it.each([
    "curl -X PATCH 'https://h.example/books/1?access_token=SECRET'",
    "curl 'https://h.example/books/%ZZ?access_token=SECRET'",
    "curl 'https://h.example/books/1?ids=List(1)&q=a&access_token=SECRET'",
  ])('that are passed over are told without: %s', (command) => {
    const shown = seen(fromCurl(command, { file: 'calls.sh' }));
    expect(shown).toContain('is passed over');
    expect(shown).not.toContain('SECRET');
  });
});
