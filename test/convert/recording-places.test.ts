/**
 * Drafts hold no secret, wherever a recording has it: under any name, within texts and what texts encode, in URLs, and by
 * its shape alone. What only looks like one stays.
 */
import { describe, expect, it } from 'vitest';
import { parseContract } from '../../src/contract/parse.ts';
import { fromCurl, fromHar, type Conversion } from '../../src/convert/index.ts';

const SECRET = 'hX9vQ2mLp7';
/** Too short to be looked for elsewhere: it is taken out where it stands. */
const SHORT = 'P5';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

interface Sent {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly member?: unknown;
  readonly post?: { readonly mimeType?: string; readonly text: string };
}

const sent = ({ url = 'https://h.example/books/1', headers = {}, member = 'Dunes', post }: Sent): object => ({
  request: {
    method: post === undefined ? 'GET' : 'PUT',
    url,
    headers: Object.entries({ 'X-RestLi-Protocol-Version': '2.0.0', ...headers }).map(([name, value]) => ({
      name,
      value,
    })),
    ...(post === undefined ? {} : { postData: post }),
  },
  response: { status: 200, headers: [], content: { text: JSON.stringify({ id: 1, said: member }) } },
});
const drafted = (...all: readonly Sent[]): Conversion =>
  fromHar(JSON.stringify({ log: { entries: [...all, { url: 'https://h.example/books/2' }].map(sent) } }), {
    file: 'a.har',
  });
const seen = ({ files, problems }: Conversion): string => [...files].flat().join('\n') + JSON.stringify(problems);
const literalSecrets = (made: Conversion): readonly string[] =>
  [...made.files].flatMap(([file, text]) =>
    parseContract(text, { file }).diagnostics.flatMap(({ code, message }) =>
      code === 'contract/literal-secret' ? [message] : [],
    ),
  );

/** Values of a member in which a secret stands, whatever the member is called. */
const MEMBERS: Readonly<Record<string, (secret: string) => unknown>> = {
  pass: (secret) => ({ pass: secret }),
  userPass: (secret) => ({ userPass: secret }),
  pw: (secret) => ({ pw: secret }),
  cvv: (secret) => ({ card: { cvv: secret } }),
  sshKey: (secret) => ({ sshKey: secret }),
  'a pair with a name': (secret) => [{ name: 'password', value: secret }],
  'a pair with a key': (secret) => [{ key: 'api_key', value: secret }],
  'a pair with an id': (secret) => [{ id: 'clientSecret', value: secret }],
  'a pair with a list': (secret) => [{ name: 'password', values: [secret] }],
  'JSON in a text': (secret) => JSON.stringify({ password: secret }),
  'JSON in JSON in a text': (secret) => JSON.stringify({ a: JSON.stringify({ b: [{ name: 'pwd', value: secret }] }) }),
  'JSON amid a text': (secret) => `sent {"password": "${secret}"} and failed`,
  'a form in a text': (secret) => `user=a&password=${secret}`,
  GraphQL: (secret) => `mutation { login(user: "a", password: "${secret}") { id } }`,
  'a connection string': (secret) => `Server=db;Password=${secret};User=sa`,
  'a quoted attribute': (secret) => `<login user="a" password="${secret}"/>`,
  XML: (secret) => `<login><ns:password type="text">${secret}</ns:password></login>`,
  'a CDATA section': (secret) => `<password><![CDATA[${secret}]]></password>`,
  'the query of a URL': (secret) => `https://cb.example/?access_token=${secret}&a=1`,
  'the fragment of a URL': (secret) => `https://cb.example/?a=1#id_token=${secret}`,
  'the code of a URL': (secret) => `https://cb.example/?code=${secret}&state=1`,
  'an encoded pair': (secret) => `/x?filter=password%3D${secret}`,
  'an encoded URL': (secret) => `/login?next=${encodeURIComponent(`/x?access_token=${secret}&a=1`)}`,
  'JSON in base64': (secret) => base64(JSON.stringify({ password: secret })),
  'a form in base64': (secret) => base64(`user=anybody&password=${secret}`),
  'a pair with a type': (secret) => ({ type: 'password', value: secret }),
  'an assignment': (secret) => `Password = ${secret}; User = sa`,
  'an element with a key': (secret) => `<entry key="password">${secret}</entry>`,
  'an element with a value': (secret) => `<add name="password" value="${secret}"/>`,
  'JSON in a data URL': (secret) => `data:application/json;base64,${base64(JSON.stringify({ password: secret }))}`,
  'a form in hex': (secret) => Buffer.from(`user=anybody&password=${secret}`).toString('hex'),
  'a part of a multipart form': (secret) =>
    `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret}\r\n--b--\r\n`,
};

describe('a draft shows no secret in', () => {
  it.each(Object.keys(MEMBERS))('%s', (place) => {
    for (const secret of [SECRET, SHORT]) {
      const member = MEMBERS[place]?.(secret);
      const made = drafted({ member }, { member: { note: `it was ${SECRET}` } });
      expect(made.files.size).toBe(1);
      // A short one is no secret wherever else it stands.
      expect(seen(made)).not.toContain(secret);
      if (secret === SECRET) expect(seen(made)).not.toContain(base64(`"${SECRET}"`).slice(4, 12));
      expect(seen(made)).not.toContain('is withheld');
      expect(literalSecrets(made)).toEqual([]);
    }
  });

  it.each([
    `code=${SECRET}&state=1`,
    `redirect_uri=x&code=${SECRET}`,
    `pass=${SECRET}`,
    `ticket=${SECRET}aB3dE6`,
    `SAMLResponse=${SECRET}`,
    `sas=${SECRET}`,
    `filter=password%3D${SECRET}`,
    `next=%2Fx%3Faccess_token%3D${SECRET}`,
    `login=(user:a,password:${SECRET})`,
    `body=%7B%22password%22%3A%22${SECRET}%22%7D`,
  ])('the query %s, nor where it is echoed', (query) => {
    const shown = seen(
      drafted({ url: `https://h.example/books?q=search&${query}` }, { member: `of ${SECRET}aB3dE6!` }),
    );
    expect(shown).toContain('q: search');
    expect(shown).not.toContain(SECRET);
  });

  it('a ticket of CAS, however short', () => {
    expect(seen(drafted({ url: 'https://h.example/books?q=search&ticket=ST-1-ab' }))).not.toContain('ST-1');
  });

  it('a long random `code` that stands alone', () => {
    expect(seen(drafted({ url: 'https://h.example/books?q=search&code=4fG7aQ9xZ2mK8rT1vB5n' }))).not.toContain('4fG7a');
  });

  it.each([
    ['X-Original-Url', `/x?access_token=${SECRET}`],
    ['X-Upstream', `Bearer ${SECRET}`],
    ['X-Upstream', `Basic ${base64(`bob:${SECRET}`)}`],
    ['X-Context', base64(JSON.stringify({ password: SECRET }))],
    ['X-Note', `password="${SECRET}"`],
  ])('a header %s: %s', (name, value) => {
    const made = drafted({ headers: { [name]: value } }, { member: `of ${SECRET}!` });
    expect(seen(made)).toContain(name);
    expect(seen(made)).not.toContain(SECRET);
    expect(seen(made)).not.toContain(base64(`bob:${SECRET}`).slice(8, 16));
    expect(literalSecrets(made)).toEqual([]);
  });

  it('a multipart body that the answer echoes', () => {
    const text = `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${SECRET}\r\n--b--\r\n`;
    const post = { mimeType: 'multipart/form-data; boundary=b', text };
    expect(seen(drafted({ post }, { member: { note: SECRET } }))).not.toContain(SECRET);
  });

  it('curl commands', () => {
    const text = `curl -X PUT --json '{"note":"Password=${SECRET};User=sa","pass":"${SHORT}"}' 'https://h.example/books/1'`;
    const made = fromCurl(text, { file: 'calls.sh' });
    expect(seen(made)).toContain('User=sa');
    for (const secret of [SECRET, SHORT]) expect(seen(made)).not.toContain(secret);
  });
});

// Put together here, so that no scanner of sources takes them for real ones.
const letters = (length: number): string => 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7'.repeat(3).slice(0, length);
const SHAPES: Readonly<Record<string, string>> = {
  'an AWS key': `AKIA${letters(16).toUpperCase()}`,
  'a GitHub token': `ghp_${letters(36)}`,
  'a GitHub OAuth token': `gho_${letters(36)}`,
  'a fine-grained GitHub token': `github_pat_${letters(40)}`,
  'a Slack token': `xoxb-${letters(24)}`,
  'a Slack app token': `xoxa-2-${letters(24)}`,
  'a Stripe key': `sk_live_${letters(24)}`,
  'a Google key': `AIza${letters(35)}`,
  'a GitLab token': `glpat-${letters(20)}`,
  'a LinkedIn token': `AQ${letters(64)}`,
  'a JSON Web Token': `eyJ${letters(12)}.${letters(20)}.${letters(20)}`,
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n${letters(60)}\n-----END RSA PRIVATE KEY-----`,
  'a bearer token in a sentence': `use Bearer ${letters(20)}`,
  'credentials in a URL': `amqp://bob:${letters(12)}@queue/`,
};

describe('a shape that gives itself away', () => {
  it.each(Object.entries(SHAPES))('is shown nowhere: %s', (_, secret) => {
    const parts = secret.match(/aB3dE6gH9j|AB3DE6GH9J/g) ?? [];
    expect(parts.length).toBeGreaterThan(0);
    const url = `https://h.example/books?q=search&note=${encodeURIComponent(secret)}`;
    const made = drafted(
      { member: `see ${secret} there`, headers: { 'X-Note': secret.replaceAll('\n', ' ') } },
      { url, member: { [secret]: [secret], deep: { list: [{ any: secret }] } } },
      { url: `https://h.example/books/${encodeURIComponent(secret)}` },
    );
    for (const part of parts) expect(seen(made)).not.toContain(part);
    expect(literalSecrets(made)).toEqual([]);
    expect(made.files.size).toBe(1);
  });

  it.each([
    ['a form', 'a='],
    ['pairs of secrets', 'password='],
    ['encoded pairs', 'password%3D'],
    ['elements', '<a '],
    ['parts of forms', 'form-data; name="'],
    ['JSON', '"a":"'],
    ['backslashes', '\\'],
    ['URLs', '://a:'],
  ])('is looked for in long texts in a time that grows no faster than they: %s', (_, part) => {
    const since = performance.now();
    expect(drafted({ member: `${part.repeat(40_000)}</` }).files.size).toBe(1);
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  it('is shown nowhere, however many there are', () => {
    const many = Array.from({ length: 520 }, (_, i) => `ghp_${letters(32)}${String(i).padStart(4, '0')}`);
    const made = drafted({ member: many });
    expect(made.files.size).toBe(1);
    expect(seen(made)).not.toContain('ghp_');
    expect(literalSecrets(made)).toEqual([]);
  }, 60_000);

  it('leaves a nasty draft without any that `check` finds', () => {
    const members = Object.values(MEMBERS).map((make) => make(SECRET));
    const made = drafted({ member: [...members, ...Object.values(SHAPES), `Basic ${base64(`bob:${SECRET}`)}`] });
    expect(made.files.size).toBe(1);
    expect(literalSecrets(made)).toEqual([]);
  });
});

describe('what is no secret stays', () => {
  it.each([
    { author: 'Herbert' },
    { organizationAuthorizations: ['urn:li:organization:2414183'] },
    { passenger: 'Paulsen', passport: 'any', passed: 'partly', compass: 'north' },
    { keyword: 'Winterreise', codec: 'theora', code: 'ERR_NOT_FOUND_2023_FIELD', postcode: '12345-678' },
    { pass: 12, boardingPass: 'Gate17B' },
    { nextPageToken: 'page2of9' },
    [{ name: 'colour', value: 'green17' }],
    [{ key: 'passenger', value: 'Paulsen7' }],
    'Basic Configuration of the bearer of news',
    'the password is what you know, the token: not shown',
    'passenger=Paulsen7&keyword=dunes42&codec=h264x',
    '{"author": "Herbert7", "codec": "h264x"}',
    '<author>Herbert7</author>',
    'https://h.example/?author=Herbert7#keyword=dunes42',
    'dXJuOmxpOnBlcnNvbjoxMjM0',
  ])('%j', (member) => {
    const made = drafted({ member });
    expect([...made.problems].map(({ message }) => message).join()).not.toContain('secrets were left out');
    expect(seen(made)).not.toContain('env.');
  });

  it.each([
    'code=DE',
    'code=ERR_NOT_FOUND_2023_FIELD',
    'ticket=4711',
    'keyword=Winterreise',
    'author=urn%3Ali%3Aperson%3A7',
  ])('in a query: %s', (query) => {
    expect(seen(drafted({ url: `https://h.example/books?q=search&${query}` }))).not.toContain('env.');
  });

  it('a key of an entity that a secret is not', () => {
    const made = drafted({ url: 'https://h.example/books/passenger' }, { member: { pass: SECRET } });
    expect(seen(made)).toContain('key: passenger');
  });
});
