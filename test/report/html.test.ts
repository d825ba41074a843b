import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { htmlReporter } from '../../src/report/html.ts';
import { generateTemplates } from '../../src/report/precompile.ts';
import { RULES } from '../../src/rules/index.ts';
import {
  caseFinished,
  comparedRun,
  hostileRun,
  manyCases,
  mutationRun,
  runEnded,
  runStarted,
  sampleRun,
  shortRun,
  violationOf,
} from '../support/events.ts';
import { render } from '../support/render.ts';

const TEMPLATES = new URL('../../src/report/templates/', import.meta.url);

function chunksOf(html: string): readonly (readonly unknown[])[] {
  const scripts = [...html.matchAll(/<script type="application\/octet-stream" id="e\d+">([^<]*)<\/script>/g)];
  return scripts.map((match) => {
    const chunk: unknown = JSON.parse(inflateRawSync(Buffer.from(match[1] ?? '', 'base64')).toString());
    if (!Array.isArray(chunk)) throw new Error('a chunk is no list');
    return chunk;
  });
}

/** A rule that the catalogue does not hold has no entry in the page. */
const rulesShown = (link: string | undefined): boolean =>
  link?.startsWith('rule-') !== true || RULES.has(link.slice(5));

const size = (html: string): number => Buffer.byteLength(html);

describe('the templates', () => {
  it('are compiled as they are now (else: npm run build)', () => {
    const generated = readFileSync(new URL('../../src/report/templates.generated.ts', import.meta.url), 'utf8');
    expect(generated === generateTemplates()).toBe(true);
  });

  it('leave text unescaped in three places only: our style, our script, packed evidence', () => {
    const found = readdirSync(TEMPLATES)
      .filter((file) => file.endsWith('.hbs'))
      .flatMap((file) =>
        [...readFileSync(new URL(file, TEMPLATES), 'utf8').matchAll(/\{\{\{[^}]*\}\}\}|\{\{&[^}]*\}\}/g)].map(
          ([text]) => text,
        ),
      );
    expect(found.toSorted()).toEqual(['{{{assets.css}}}', '{{{assets.js}}}', '{{{this}}}']);
  });

  it('hold no style attribute, no handler and no markup made of text in script', () => {
    for (const file of readdirSync(TEMPLATES)) {
      const text = readFileSync(new URL(file, TEMPLATES), 'utf8');
      expect(text).not.toMatch(
        /\sstyle=|\son[a-z]+=|innerHTML|outerHTML|insertAdjacentHTML|document\.write|javascript:/,
      );
    }
  });

  it('weigh at most 30 kB in style and script', async () => {
    const html = await render(htmlReporter, sampleRun());
    const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? '';
    const script = /<script>([^]*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(style.length).toBeGreaterThan(5000);
    expect(style.length + script.length).toBeLessThan(30_000);
  });
});

describe('the page', () => {
  it('allows itself nothing but its own style and script, by their hashes', async () => {
    const html = await render(htmlReporter, sampleRun());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=');
    const hash = (pattern: RegExp): string =>
      createHash('sha256')
        .update(pattern.exec(html)?.[1] ?? '')
        .digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash(/<style>([^]*?)<\/style>/)}'; script-src 'sha256-${hash(/<script>([^]*?)<\/script>/)}'; ` +
        `img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
  });

  it('names no other place than the catalogue does', async () => {
    const html = await render(htmlReporter, [...sampleRun(), ...hostileRun().slice(1)]);
    const known = new Set([...RULES.values()].map(({ source }) => source.url));
    const links = [...html.matchAll(/<a [^>]*href="?(https?:[^"\s>]*)"?([^>]*)>/g)];
    expect(links.length).toBeGreaterThan(3);
    for (const [, url, rest] of links) {
      expect(known).toContain(url?.replaceAll('&#x3D;', '='));
      expect(rest).toContain('rel="noreferrer noopener"');
    }
    expect(html).not.toMatch(/<(?:link|img|script|iframe|object)[^>]*(?:src|href)="?(?!data:)[^"\s>]*:\/\//);
  });

  it('begins its title with the sign of the verdict', async () => {
    expect(await render(htmlReporter, sampleRun())).toContain('<title>✗ staging: not conformant</title>');
    const good = [caseFinished()];
    expect(await render(htmlReporter, [runStarted(), ...good, runEnded(good)])).toContain(
      '<title>✓ staging: conformant</title>',
    );
    expect(await render(htmlReporter, [runStarted(), ...good])).toContain('<title>! staging: incomplete</title>');
    expect(await render(htmlReporter, [])).toContain('<title>! unknown target: nothing was checked</title>');
  });

  it('says when only the mock was checked', async () => {
    const target = { name: 'mock', baseUrl: null, mode: 'mock', insecure: false, writes: true } as const;
    const html = await render(htmlReporter, [runStarted({ target }), caseFinished()]);
    expect(html).toContain('This checked the mock, not the service.');
    expect(html).toContain('badge-MOCK');
  });

  it('doubts a run whose every call was denied, or not found, or checked nothing', async () => {
    const exchanges = sampleRun()
      .flatMap((event) => (event.type === 'case' ? (event.attempts[0]?.exchanges ?? []) : []))
      .slice(0, 2);
    const answered = (status: number) =>
      exchanges.map((one) => ({ ...one, response: one.response && { ...one.response, status } }));
    const cases = [
      caseFinished({ method: 'GET', exchanges: answered(403) }),
      caseFinished({ method: 'GET_ALL', exchanges: answered(404) }),
      caseFinished({ method: 'FINDER', checks: { total: 0, failed: 0 } }),
    ];
    const html = await render(htmlReporter, [runStarted(), ...cases, runEnded(cases)]);
    expect(html).toContain('Every call was answered 401 or 403: books GET. Is the token right?');
    expect(html).toContain('Every call was answered 404: books GET_ALL. Is the base URL right?');
    expect(html).toContain('1 case passed without a single check.');
  });

  it('has an anchor for every link to a place in it', async () => {
    const html = await render(htmlReporter, sampleRun());
    const ids = [...html.matchAll(/\sid="?([^"\s>]+)"?/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...html.matchAll(/href="?#([^"\s>]+)"?/g)].map((match) => match[1]).filter(rulesShown);
    expect(links.length).toBeGreaterThan(50);
    for (const link of links) expect(ids).toContain(link);
  });

  it('is the same for the same events', async () => {
    expect(await render(htmlReporter, sampleRun())).toBe(await render(htmlReporter, sampleRun()));
  });
});

describe('a failure in full', () => {
  it('shows what decided the verdict before advice, and marks the line by it', async () => {
    const violations = [
      violationOf({ rule: 'entity/key-differs', level: 'should', where: 'body', pointer: '/id', message: 'advice' }),
      violationOf({ rule: 'entity/schema', where: 'body', pointer: '/id', message: 'the reason' }),
    ];
    const html = await render(htmlReporter, [runStarted(), caseFinished({ verdict: 'fail', violations })]);
    const failure = html.slice(html.indexOf('class="failure'));
    expect(failure.indexOf('the reason')).toBeLessThan(failure.indexOf('advice'));
    expect(failure).toMatch(/class=hit>[^<]*&quot;id&quot;: 7,[^<]*<em>entity\/schema<\/em>/);
  });
});

describe('evidence', () => {
  it('is there for every case that is not written out, with its request, answer and curl', async () => {
    const html = await render(htmlReporter, sampleRun());
    const views = chunksOf(html).flat();
    const places = [...html.matchAll(/data-e=(\d+)\.(\d+)/g)].map(
      ([, chunk, index]) => chunksOf(html)[Number(chunk)]?.[Number(index)],
    );
    expect(places).toHaveLength(49);
    expect(new Set(places).size).toBe(49);
    expect(views).toHaveLength(49);
    expect(JSON.stringify(places[0])).toContain('curl -sS');
  });

  it('stays within its limit, keeps what failed first, and says what it left out', async () => {
    const evidenceLimit = 30_000;
    const html = await render(htmlReporter, manyCases(2000), { evidenceLimit });
    const packed = [...html.matchAll(/id="e\d+">([^<]*)</g)].reduce((sum, match) => sum + (match[1]?.length ?? 0), 0);
    expect(packed).toBeLessThanOrEqual(evidenceLimit);
    const kept = html.match(/data-e=/g)?.length ?? 0;
    expect(kept).toBeGreaterThan(50);
    expect(html).toContain(
      `The requests of ${new Intl.NumberFormat('en').format(2000 - 80 - kept)} cases are left out of this page`,
    );
    expect(html).toContain('they are in reports/results.ndjson');
  });

  it('holds all that failed, however many, while it fits', async () => {
    const html = await render(htmlReporter, manyCases(3000, { failing: 2 }));
    const failingRows = [...html.matchAll(/<li[^\n]*class=v-fail>/g)].map(([row]) => row);
    expect(failingRows).toHaveLength(1500);
    expect(failingRows.filter((row) => row.includes('data-e='))).toHaveLength(1300);
    expect(html).toContain('The first 200 of 1,500; the others open from the list of all cases.');
  });
});

describe('the budget', () => {
  it('holds a thousand cases in 0.8 MB', async () => {
    expect(size(await render(htmlReporter, manyCases(1000)))).toBeLessThan(800_000);
  });

  it('holds ten thousand cases in 4 MB', async () => {
    expect(size(await render(htmlReporter, manyCases(10_000)))).toBeLessThan(4_000_000);
  });

  it('holds fifty thousand cases in 16 MB', async () => {
    expect(size(await render(htmlReporter, manyCases(50_000)))).toBeLessThan(16_000_000);
  }, 60_000);

  it('stays small when everything fails at once', async () => {
    expect(size(await render(htmlReporter, manyCases(10_000, { failing: 1 })))).toBeLessThan(5_000_000);
  });
});

describe('coverage, mutants and a baseline', () => {
  it('stand on the page, what is missing named and foreign text inert', async () => {
    const html = await render(htmlReporter, shortRun());
    expect(html).toContain('3/5 (60 %)');
    expect(html).toContain('✗ 80 %');
    expect(html).toContain('✓ 100 %');
    expect(html).toContain('genre: &lt;b&gt;, genre: A|B');
    expect(html).toContain('Too low: coverage of methods is 3 of 5 (60 %), the minimum is 80 %.');
  });

  it('show survivors with the case to paste, and faults that do not apply with the reason', async () => {
    const html = await render(htmlReporter, mutationRun());
    const section = /<section aria-labelledby="mutants">[^]*?<\/section>/.exec(html)?.[0] ?? '';
    expect(section).toContain('7 of 9 noticed (77 %)');
    expect(section).toContain('expect: { body: { title: &quot;&lt;script&gt;&quot; } }');
    expect(section).toContain('no contract declares CREATE');
    expect(section.match(/aria-label="A case to paste/g)).toHaveLength(1);
  });

  it('show a failure as the case to paste, beside its command', async () => {
    const html = await render(htmlReporter, sampleRun());
    expect(html).toMatch(/aria-label="A case to paste into the contract">cases:\n {2}- name: tells the found/);
  });

  it('show the answer of the baseline beside the endpoint’s, and nothing of one elsewhere', async () => {
    const html = await render(htmlReporter, comparedRun());
    expect(html).toContain('Compared with');
    expect(html).toContain('https://old.example.com/rest');
    expect(html).toMatch(/<h4>Baseline, [^<]*<\/h4>[^]*&quot;Old&quot;/);
    expect(await render(htmlReporter, sampleRun())).not.toMatch(/<h4>Baseline|id="mutants"/);
  });
});
