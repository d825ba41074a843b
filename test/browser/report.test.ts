/**
 * The page in a real browser. Skipped where Debian's Chromium is not installed (`apt-get install chromium` brings it
 * back); continuous integration installs it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReporter } from '../../src/report/html.ts';
import { visible } from '../../src/diagnostic/visible.ts';
import { HOSTILE, hostileRun, manyCases, sampleRun } from '../support/events.ts';
import { render } from '../support/render.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const missing = existsSync(CHROMIUM)
  ? ''
  : ` (skipped: no browser at ${CHROMIUM}; install chromium or set CHROMIUM_PATH)`;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What runs in the page is text: its globals are not those of these tests.
const OPEN_ALL = `document.querySelectorAll('details').forEach((one) => { one.open = true; })`;
const RUN_AXE = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) =>
  id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + ' ' + failureSummary).join('\\n')))`;
const TYPE_IN_FILTER = `(async () => {
  const start = performance.now();
  document.querySelector('#filter').value = 'entity 777';
  document.querySelector('#filter').dispatchEvent(new Event('input'));
  while (document.querySelector('#filter-count').textContent === '') await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.now() - start;
})()`;

let browser: Browser;
let folder = '';
const urls = new Map<string, string>();

/** What went wrong in a page: console errors, exceptions, requests for anything but the file. */
interface Trouble {
  readonly said: string[];
  readonly asked: string[];
}

async function openPage(
  name: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly trouble: Trouble; readonly close: () => Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const trouble: Trouble = { said: [], asked: [] };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.said.push(message.text());
  });
  page.on('pageerror', (error) => trouble.said.push(error.message));
  page.on('dialog', (dialog) => {
    trouble.said.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== urls.get(name)?.split('#')[0] && !request.url().startsWith('data:'))
      trouble.asked.push(request.url());
  });
  await page.goto(urls.get(name) ?? 'about:blank');
  return { page, trouble, close: () => context.close() };
}

describe.skipIf(missing !== '')(`the page in Chromium${missing}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-page-'));
    const runs = {
      sample: sampleRun(),
      hostile: hostileRun(),
      many: manyCases(10_000),
      broken: manyCases(600, { failing: 1 }),
    };
    for (const [name, events] of Object.entries(runs)) {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, await render(htmlReporter, events));
      urls.set(name, pathToFileURL(path).href);
    }
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says nothing to the console and asks for nothing but itself', async () => {
    const { page, trouble, close } = await openPage('sample');
    await page.locator('#theme').click();
    await page.locator('.resource > summary').first().click();
    await page.locator('li[data-e]').first().click();
    await page.locator('.detail').first().waitFor();
    expect(trouble).toEqual({ said: [], asked: [] });
    await close();
  });

  it('shows every failure in full without script, and hides what needs it', async () => {
    const { page, trouble, close } = await openPage('sample', { javaScriptEnabled: false });
    expect(await page.locator('h1').innerText()).toContain('not conformant');
    const failures = page.locator('.failure');
    expect(await failures.count()).toBe(9);
    for (let index = 3; index < 9; index += 1) await failures.nth(index).locator('> summary').click();
    const text = await page.locator('main').innerText();
    for (const part of [
      'key 8 is neither in results nor in errors',
      'string "POEMS"',
      'sent no header within 10 s',
      "It'\\''s spring",
    ]) {
      expect(text).toContain(part);
    }
    for (const control of ['#filter', '#theme', '.copy'])
      expect(await page.locator(control).first().isVisible()).toBe(false);
    expect(trouble).toEqual({ said: [], asked: [] });
    await close();
  });

  it("reads under Jenkins' policy, which allows neither script nor style", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const html = readFileSync(join(folder, 'sample.html'), 'utf8');
    await page.route('http://jenkins.test/report.html', (route) =>
      route.fulfill({
        body: html,
        contentType: 'text/html; charset=utf-8',
        headers: { 'Content-Security-Policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'self';" },
      }),
    );
    await page.goto('http://jenkins.test/report.html');
    expect(await page.locator('h1').innerText()).toContain('not conformant');
    expect(await page.locator('.failure').first().innerText()).toContain('key 8 is neither in results nor in errors');
    await context.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const name of ['sample', 'hostile']) {
      it(`has no accessibility violation: ${name}, ${colorScheme}, everything open`, async () => {
        const { page, close } = await openPage(name, { colorScheme, bypassCSP: true });
        await page.evaluate(OPEN_ALL);
        // Not by the mouse: the page is still growing, and text that moves under a pressed button is selected.
        await page.locator('li[data-e]').first().dispatchEvent('click');
        await page.locator('.detail').first().waitFor();
        await page.evaluate(AXE);
        const found = await page.evaluate<readonly string[]>(RUN_AXE);
        expect(found).toEqual([]);
        await close();
      }, 60_000);
    }
  }

  it('fits a screen of 320 pixels without sideways scroll, everything open', async () => {
    for (const name of ['sample', 'hostile']) {
      const { page, close } = await openPage(name, { viewport: { width: 320, height: 700 } });
      await page.evaluate(OPEN_ALL);
      const sideways = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(sideways).toBeLessThanOrEqual(0);
      await close();
    }
  });

  it('filters by words and names, keeps the filter in the address, and opens it from there', async () => {
    const { page, trouble, close } = await openPage('sample');
    const shown = page.locator('.rows li:visible');
    const count = page.locator('#filter-count');
    await page.locator('#filter').fill('verdict:fail');
    await count.filter({ hasText: '7 of 58' }).waitFor();
    expect(await shown.count()).toBe(7);
    await page.locator('#filter').fill('resource:books METHOD:get whole');
    await count.filter({ hasText: '1 of 58' }).waitFor();
    expect(await shown.textContent()).toContain('answers with a whole book');
    expect(page.url()).toContain('#q=resource%3Abooks%20METHOD%3Aget%20whole');

    await page.goto('about:blank');
    await page.goto(`${urls.get('sample')}#q=${encodeURIComponent('rule:entity/schema')}`);
    await count.filter({ hasText: '1 of 58' }).waitFor();
    await page.locator('#filter').fill('nothing like it');
    await page.locator('#nothing').waitFor();
    await page.locator('#clear').click();
    await page.locator('#nothing').waitFor({ state: 'hidden' });
    expect(trouble.said).toEqual([]);
    await close();
  });

  it('leads from a cell of the matrix to its cases', async () => {
    const { page, close } = await openPage('sample');
    await page.locator('.matrix a', { hasText: 'adAccounts BATCH_GET: 1 of 2 failed' }).click();
    await page.locator('#filter-count').filter({ hasText: '2 of 58' }).waitFor();
    const rows = await page.locator('.rows li:visible').allTextContents();
    expect(rows.every((row) => row.includes('BATCH_GET'))).toBe(true);
    await close();
  });

  it('leads from a cell of the header matrix to the first case of its worst verdict', async () => {
    const { page, trouble, close } = await openPage('sample');
    const cell = page.locator('.probes td', { hasText: 'absent in BATCH_CREATE' });
    expect(await cell.getAttribute('title')).toContain(
      '1 fail, answered 200. fail: adAccounts/BATCH_CREATE/headers/absent',
    );
    await cell.locator('a').focus();
    await page.keyboard.press('Enter');
    const failure = page.locator('.failure:target');
    expect(await failure.innerText()).toContain('refused with 400 or 422, or run as CREATE');
    expect(await failure.getAttribute('open')).toBe('');

    // A case that passed stands in a list that is closed at first.
    await page.locator('.probes td a', { hasText: 'absent in GET' }).click();
    await page.locator('li:target .detail').waitFor();
    expect(trouble).toEqual({ said: [], asked: [] });
    await close();
  });

  it('opens a passing case by mouse, by key and by address, with its request and answer', async () => {
    const { page, trouble, close } = await openPage('sample');
    await page.locator('.resource > summary').nth(2).click();
    const row = page.locator('.resource').nth(2).locator('li[data-e]').first();
    await row.locator('[role="button"]').focus();
    await page.keyboard.press('Enter');
    await row.locator('.detail').waitFor();
    expect(await row.locator('.detail').innerText()).toContain('GET https://api.example.com/rest/books/7');
    expect(await row.locator('.detail').innerText()).toContain('"title": "Tides"');
    expect(await row.locator('.detail .command pre').first().innerText()).toContain('curl -sS');
    await page.keyboard.press('Enter');
    await row.locator('.detail').waitFor({ state: 'detached' });

    const id = await row.getAttribute('id');
    await page.goto('about:blank');
    await page.goto(`${urls.get('sample')}#${id}`);
    await page.locator(`#${id} .detail`).waitFor();
    expect(trouble).toEqual({ said: [], asked: [] });
    await close();
  });

  it('works by keys alone: filter, next failure, theme, help, and the switch that turns them off', async () => {
    const { page, close } = await openPage('sample', { colorScheme: 'light' });
    await page.keyboard.press('/');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('filter');
    await page.keyboard.type('jkt');
    expect(await page.locator('#filter').inputValue()).toBe('jkt');
    await page.locator('#filter').fill('');
    await page.locator('#filter').blur();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(
      await page.evaluate<string>("document.activeElement.closest('.failure').querySelector('.what').textContent"),
    ).toContain('answers the key of what it created');
    const background = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.keyboard.press('t');
    expect(await background()).toBe('rgb(13, 17, 23)');
    await page.keyboard.press('t');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(true);
    await page.locator('#keys-on').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await close();
  });

  it('shows hostile text exactly, runs none of it and asks for none of it', async () => {
    const { page, trouble, close } = await openPage('hostile');
    await page.evaluate(OPEN_ALL);
    for (const row of await page.locator('li[data-e]').all()) await row.locator('b').click();
    await page.locator('.detail').last().waitFor();
    expect(await page.evaluate<unknown>('globalThis.pwned')).toBeUndefined();
    expect(await page.evaluate<number>("document.querySelectorAll('img, main script, iframe').length")).toBe(0);
    expect(trouble).toEqual({ said: [], asked: [] });

    const expected = visible(HOSTILE);
    const actual = await page.locator('.failure').first().locator('.expected dd').textContent();
    expect(actual).toBe(expected);
    const request = await page.locator('.failure').first().locator('.pane').first().textContent();
    for (const line of expected.split('\n')) expect(request).toContain(line);
    expect(await page.title()).toContain('{{#each}}{{{x}}}{{constructor}}');
    await close();
  });

  it('is usable within its budget with ten thousand cases', async () => {
    const { page, trouble, close } = await openPage('many');
    const paintMs = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    const usableMs = await page.evaluate<number>("performance.getEntriesByType('navigation')[0].domInteractive");
    // Twice the budget: the machine that tests may be busy. What is guarded is the order of magnitude.
    expect(paintMs).toBeLessThan(1000);
    expect(usableMs).toBeLessThan(3000);

    const filterMs = await page.evaluate<number>(TYPE_IN_FILTER);
    expect(await page.locator('#filter-count').innerText()).toBe('19 of 10000');
    // The first keystroke waits 60 ms and indexes all rows.
    expect(filterMs).toBeLessThan(1000);

    const row = page.locator('.rows li:visible[data-e]').first();
    await row.locator('b').click();
    await row.locator('.detail').waitFor();
    expect(trouble).toEqual({ said: [], asked: [] });
    await close();
  }, 60_000);

  it('prints the first fifty failures opened, without controls or the list of cases', async () => {
    const { page, close } = await openPage('broken');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#all').isVisible()).toBe(false);
    expect(await page.locator('.tools').isVisible()).toBe(false);
    expect(await page.locator('.failure').nth(49).isVisible()).toBe(true);
    expect(await page.locator('.failure').nth(50).isVisible()).toBe(false);
    const pdf = await page.pdf({ format: 'A4' });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(10);
    expect(pages).toBeLessThanOrEqual(60);
    await close();
  });
});
