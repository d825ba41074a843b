import { afterEach, describe, expect, it } from 'vitest';
import { authorize, createAuth, type Auth, type AuthHeaders, type OAuth2Options } from '../../src/transport/auth.ts';
import { createRedactor, MASK } from '../../src/transport/redact.ts';
import { createWire } from '../../src/transport/wire.ts';
import { get, rawServer, reply, type RawAnswer, type RawServer } from './raw-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Setup {
  readonly server: RawServer;
  readonly auth: Auth;
  readonly transport: ReturnType<typeof createWire>;
  readonly redactor: ReturnType<typeof createRedactor>;
  readonly clock: { ms: number };
  tokenRequests(): string[];
}

async function oauth2(
  answer: (request: string, index: number) => RawAnswer,
  more: Partial<OAuth2Options> = {},
): Promise<Setup> {
  const server = await rawServer(answer);
  const transport = createWire();
  open.push(transport, server);
  const redactor = createRedactor();
  const clock = { ms: 0 };
  const oauth = { tokenUrl: `${server.origin}/token`, clientId: 'the-client', clientSecret: 'the/secret+1', ...more };
  const auth = createAuth({ oauth2: oauth }, { transport, redactor, now: () => clock.ms });
  return {
    server,
    auth,
    transport,
    redactor,
    clock,
    tokenRequests: () => server.requests.filter((request) => request.startsWith('POST /token')),
  };
}

const token = (value: string, more: object = {}): string =>
  reply(200, JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in: 3_600, ...more }), [
    'Content-Type: application/json',
  ]);

const headerOfAuth = (outcome: AuthHeaders): string | undefined =>
  'headers' in outcome ? outcome.headers[0]?.[1] : undefined;

describe('given credentials', () => {
  const surroundings = { transport: createWire(), redactor: createRedactor() };

  it('become a Bearer header, known to the redactor', async () => {
    const auth = createAuth({ bearer: 'given-token-1' }, surroundings);
    expect(await auth.headers()).toEqual({ headers: [['Authorization', 'Bearer given-token-1']] });
    expect(surroundings.redactor.redactText('x given-token-1')).toBe(`x ${MASK}`);
    expect(auth.refused([['Authorization', 'Bearer given-token-1']])).toBe(false);
  });

  it('become a Basic header in UTF-8', async () => {
    const auth = createAuth({ basic: { user: 'ü', password: 'pass:word' } }, surroundings);
    expect(headerOfAuth(await auth.headers())).toBe(`Basic ${Buffer.from('ü:pass:word').toString('base64')}`);
    expect(surroundings.redactor.redactText(Buffer.from('someone:pass:word').toString('base64'))).toContain(MASK);
  });
});

describe('a token by client credentials', () => {
  it('is asked for once and kept, also by requests side by side', async () => {
    const { auth, tokenRequests } = await oauth2(() => token('t-0001'), { scope: 'r_ads rw_ads' });
    const outcomes = await Promise.all([auth.headers(), auth.headers(), auth.headers()]);
    expect(new Set(outcomes.map(headerOfAuth))).toEqual(new Set(['Bearer t-0001']));
    await auth.headers();
    expect(tokenRequests()).toHaveLength(1);
    const body = new URLSearchParams(tokenRequests()[0]?.split('\r\n\r\n')[1]);
    expect(Object.fromEntries(body)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the-client',
      client_secret: 'the/secret+1',
      scope: 'r_ads rw_ads',
    });
  });

  it('is renewed before it expires', async () => {
    const { auth, clock, tokenRequests } = await oauth2((_, index) => token(`t-000${index}`, { expires_in: 100 }));
    await auth.headers();
    clock.ms = 89_000;
    expect(headerOfAuth(await auth.headers())).toBe('Bearer t-0000');
    clock.ms = 91_000;
    expect(headerOfAuth(await auth.headers())).toBe('Bearer t-0001');
    expect(tokenRequests()).toHaveLength(2);
  });

  it('is accepted without token_type, as LinkedIn answers', async () => {
    const { auth } = await oauth2(() =>
      reply(200, '{"access_token":"t-0009","expires_in":1800}', ['Content-Type: application/json']),
    );
    expect(headerOfAuth(await auth.headers())).toBe('Bearer t-0009');
  });

  it('is a secret, as is that of the client', async () => {
    const { auth, redactor } = await oauth2(() => token('t-0001-abc'));
    await auth.headers();
    expect(redactor.redactText('t-0001-abc the/secret+1 the%2Fsecret%2B1')).toBe(`${MASK} ${MASK} ${MASK}`);
  });

  it.each<readonly [string, RawAnswer, RegExp]>([
    [
      'an OAuth error',
      reply(401, '{"error":"invalid_client","error_description":"no such client"}', ['Content-Type: application/json']),
      /401 invalid_client \(no such client\)/,
    ],
    ['a page', reply(200, '<html>', ['Content-Type: text/html']), /answered 200 with text\/html and gave no token/],
    ['no token', reply(200, '{"token_type":"Bearer"}', ['Content-Type: application/json']), /access_token/],
    ['a status of its own', reply(503, 'down'), /gave no token/],
  ])('that ends in %s is a failure that says so', async (_, answer, message) => {
    const { auth } = await oauth2(() => answer);
    const outcome = await auth.headers();
    expect(outcome).toMatchObject({ failure: { code: 'auth-failed', message: expect.stringMatching(message) } });
    expect(JSON.stringify(outcome)).not.toContain('the/secret');
  });

  it('that nobody answers names the token endpoint, not the one under test', async () => {
    const { auth, server } = await oauth2(() => '');
    await server.close();
    expect(await auth.headers()).toMatchObject({
      failure: {
        code: 'auth-failed',
        message: expect.stringMatching(/token endpoint 127\.0\.0\.1:\d+ gave no answer/),
      },
    });
  });

  it.each(['http://api.example.com/token', 'ftp://127.0.0.1/token', 'nonsense'])(
    'is not asked for at %s',
    async (tokenUrl) => {
      const { auth } = await oauth2(() => '', { tokenUrl });
      expect(await auth.headers()).toMatchObject({ failure: { code: 'auth-failed' } });
    },
  );

  it('is asked for again after a failure', async () => {
    const { auth } = await oauth2((_, index) => (index === 0 ? reply(503, '') : token('t-0001')));
    expect(await auth.headers()).toHaveProperty('failure');
    expect(headerOfAuth(await auth.headers())).toBe('Bearer t-0001');
  });
});

describe('a refresh token', () => {
  it('is sent, and replaced by the one that comes back', async () => {
    const { auth, clock, tokenRequests } = await oauth2(
      (_, index) => token(`t-000${index}`, { refresh_token: `r-000${index}` }),
      { refreshToken: 'r-first' },
    );
    await auth.headers();
    clock.ms = 4_000_000;
    await auth.headers();
    const sent = tokenRequests().map((request) => new URLSearchParams(request.split('\r\n\r\n')[1]));
    expect(sent.map((form) => [form.get('grant_type'), form.get('refresh_token')])).toEqual([
      ['refresh_token', 'r-first'],
      ['refresh_token', 'r-0000'],
    ]);
  });
});

describe('an authorized transport', () => {
  it('leaves a request alone that brings its own Authorization', async () => {
    const { auth, transport, server, tokenRequests } = await oauth2(() => reply(200));
    await authorize(transport, auth).send(get(server.origin, '/x', [['authorization', 'Bearer mine']]));
    expect(tokenRequests()).toEqual([]);
    expect(server.requests[0]).toContain('authorization: Bearer mine');
  });

  it('renews the token once after a 401', async () => {
    let issued = 0;
    const { auth, transport, server } = await oauth2((request) => {
      if (request.startsWith('POST /token')) return token(`t-000${issued++}`);
      return reply(request.includes('t-0001') ? 200 : 401);
    });
    const { response } = await authorize(transport, auth).send(get(server.origin, '/x'));
    expect(response?.status).toBe(200);
    expect(issued).toBe(2);
  });

  it('shows the 401 where a new token is refused too', async () => {
    let issued = 0;
    const { auth, transport, server } = await oauth2((request) =>
      request.startsWith('POST /token') ? token(`t-000${issued++}`) : reply(401),
    );
    const authorized = authorize(transport, auth);
    expect((await authorized.send(get(server.origin, '/x'))).response?.status).toBe(401);
    expect((await authorized.send(get(server.origin, '/x'))).response?.status).toBe(401);
    expect(issued).toBe(2);
    expect(server.requests.filter((request) => request.startsWith('GET'))).toHaveLength(3);
  });

  it('hands on why there is no token', async () => {
    const { auth, transport, server } = await oauth2(() => reply(500));
    const { failure, response } = await authorize(transport, auth).send(get(server.origin, '/x'));
    expect([failure?.code, response]).toEqual(['auth-failed', null]);
    expect(server.requests.some((request) => request.startsWith('GET'))).toBe(false);
  });
});
