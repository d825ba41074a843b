import { describe, expect, it } from 'vitest';
import { junitReporter } from '../../src/report/junit.ts';
import { caseFinished, hostileRun, manyCases, runEnded, runStarted, sampleRun } from '../support/events.ts';
import { render } from '../support/render.ts';
import { parseXml, type XmlElement } from '../support/strict-xml.ts';

function suitesOf(xml: string): readonly XmlElement[] {
  const root = parseXml(xml);
  expect(root.name).toBe('testsuites');
  return root.children;
}

const casesOf = (suite: XmlElement): readonly XmlElement[] => suite.children.filter(({ name }) => name === 'testcase');

describe('the JUnit reporter', () => {
  it('is well formed, counts what it holds and keeps names apart', async () => {
    const suites = suitesOf(await render(junitReporter, sampleRun()));
    expect(suites.map(({ attributes }) => attributes.get('name'))).toEqual([
      'adAccounts',
      'adAccounts.adCampaignGroups',
      'books',
      'settings',
    ]);

    const names = new Set<string>();
    for (const suite of suites) {
      const cases = casesOf(suite);
      const having = (child: string): number =>
        cases.filter(({ children }) => children.some(({ name }) => name === child)).length;
      expect(suite.attributes.get('tests')).toBe(String(cases.length));
      expect(suite.attributes.get('failures')).toBe(String(having('failure')));
      expect(suite.attributes.get('errors')).toBe(String(having('error')));
      expect(suite.attributes.get('skipped')).toBe(String(having('skipped')));
      for (const { attributes } of cases) names.add(`${attributes.get('classname')}\n${attributes.get('name')}`);
    }
    expect(names.size).toBe(58);
  });

  it('numbers a second case of the same name', async () => {
    const twins = [caseFinished(), caseFinished(), caseFinished()];
    const [suite] = suitesOf(await render(junitReporter, [runStarted(), ...twins, runEnded(twins)]));
    const name = 'answers-with-the-book-asked-for';
    expect(suite && casesOf(suite).map(({ attributes }) => attributes.get('name'))).toEqual([
      name,
      `${name} (2)`,
      `${name} (3)`,
    ]);
  });

  it('lets a flaky case pass, and fail under --strict', async () => {
    const flaky = sampleRun().filter((event) => event.type !== 'case' || event.verdict === 'flaky');
    const [lenient] = suitesOf(await render(junitReporter, flaky));
    const [strict] = suitesOf(await render(junitReporter, flaky, { strict: true }));
    expect(lenient && casesOf(lenient)[0]?.children.map(({ name }) => name)).toEqual(['flakyFailure']);
    expect(lenient?.attributes.get('failures')).toBe('0');
    expect(strict && casesOf(strict)[0]?.children.map(({ name }) => name)).toEqual(['failure']);
    expect(strict?.attributes.get('failures')).toBe('1');
  });

  it('says why a case was skipped, blocked or waived', async () => {
    const suites = suitesOf(await render(junitReporter, sampleRun()));
    const messages = suites
      .flatMap(casesOf)
      .flatMap(({ children }) =>
        children.filter(({ name }) => name === 'skipped').map(({ attributes }) => attributes.get('message')),
      );
    expect(messages).toEqual([
      'waived: answers 202; reported to the owner on 2026-10-02 (until 2026-12-01)',
      'skip: writes to this target are off (--allow-writes)',
      'skip: writes to this target are off (--allow-writes)',
      'blocked: no entity is known: the run created none and no list answered one',
    ]);
  });

  it('stays well formed with hostile text in every place, and loses none of it', async () => {
    const suites = suitesOf(await render(junitReporter, hostileRun()));
    const failure = suites.flatMap(casesOf).flatMap(({ children }) => children)[0];
    expect(failure?.text).toContain(']]>');
    expect(failure?.text).toContain('</script><script>');
    expect(failure?.text).toContain(String.raw`\u001B[31mred`);
    expect(failure?.text).toContain(String.raw`\uD800 lone \uDC00`);
    expect(failure?.text).toContain(String.raw`\uFFFF`);
    for (const { attributes } of suites.flatMap(casesOf)) {
      expect(attributes.get('name')?.length).toBeLessThan(400);
      expect(attributes.get('classname')?.length).toBeLessThan(400);
    }
  });

  it('is well formed for ten thousand cases', async () => {
    const suites = suitesOf(await render(junitReporter, manyCases(10_000)));
    expect(suites.flatMap(casesOf)).toHaveLength(10_000);
  });
});

describe('the XML reader of these tests', () => {
  it.each([
    '<a>\u0001</a>',
    '<a b="1" b="2"/>',
    '<a>]]></a>',
    '<a>&nope;</a>',
    '<a><b></a></b>',
    '<a b="<"/>',
    '<a>& </a>',
    '<a/><a/>',
  ])('refuses %s', (document) => {
    expect(() => parseXml(`<?xml version="1.0" encoding="UTF-8"?>${document}`)).toThrow(
      /expected|forbidden|reference|twice|CDATA/,
    );
  });
});
