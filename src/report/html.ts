/**
 * The HTML page: one file that needs no network, no script and no other file.
 *
 * Cases pass by as rows and packed evidence while the run goes on; what the page says of the whole is laid out at its end.
 */
import type { Reporter } from './reporter.ts';
import { PageCollector, type CaseRow } from './html/collect.ts';
import type { EvidencePlace } from './html/evidence.ts';
import { pageView, resourceAnchor } from './html/page-view.ts';
import { ASSETS, renderTemplate } from './html/templates.ts';
import { visibleView } from './html/visible-view.ts';
import { duration } from './text-style.ts';
import { noVerdicts, VERDICT_LOOKS, VERDICT_ORDER } from './verdicts.ts';

/** Colour of the icon in the browser's tab, by the verdict of the run. */
const ICONS = { pass: '0b5d4e', fail: 'a1140b' } as const;
const OTHER_ICON = '6b21a8';
/** Rows made in one go; the page of a large run never stands in memory as one text. */
const ROWS_AT_ONCE = 500;

export const htmlReporter: Reporter = async (events, write, options) => {
  const page = new PageCollector(options.readFile, options.evidenceLimit);
  for await (const event of events) page.add(event);

  const { chunks, places } = page.evidence.finish();
  const dropped = page.rows.filter(({ inFull }) => !inFull).length - places.size;
  const view = visibleView(pageView(page, options, dropped));
  const icon = view.tone === 'pass' || view.tone === 'fail' ? ICONS[view.tone] : OTHER_ICON;
  // Our own style and script are left as they are: their text must match its hash.
  const whole = { ...view, icon, assets: ASSETS, evidence: chunks };

  await write(renderTemplate('page', whole));
  for (const [resource, rows] of byResource(page.rows)) await writeResource(resource, rows, places, write);
  await write(renderTemplate('end', whole));
};

async function writeResource(
  resource: string,
  rows: readonly (CaseRow & { readonly number: number })[],
  places: ReadonlyMap<number, EvidencePlace>,
  write: (text: string) => Promise<void> | void,
): Promise<void> {
  const counts = noVerdicts();
  for (const { verdict } of rows) counts[verdict] += 1;
  const summary = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0).map((verdict) => ({
    verdict,
    sign: VERDICT_LOOKS[verdict].sign,
    count: counts[verdict],
  }));
  const head = visibleView({ anchor: resourceAnchor(resource), name: resource, counts: summary });
  await write(renderTemplate('resource', head));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE).map((row) => rowView(row, places.get(row.number)));
    await write(renderTemplate('rows', { rows: visibleView(some) }));
  }
  await write('</ul></details>\n');
}

/** A failure in full holds the anchor, and its row links to it; any other row holds its own. */
function rowView(row: CaseRow, place: EvidencePlace | undefined): object {
  return {
    id: row.inFull ? '' : row.anchor,
    link: row.inFull ? row.anchor : '',
    place: place === undefined ? '' : `${place.chunk}.${place.index}`,
    rules: row.rules,
    verdict: row.verdict,
    // Most rows pass; the style takes that for granted.
    tone: row.verdict === 'pass' ? '' : row.verdict,
    sign: VERDICT_LOOKS[row.verdict].sign,
    method: row.method ?? 'flow',
    name: row.name,
    time: row.durationMs > 0 ? duration(row.durationMs) : '',
  };
}

function byResource(rows: readonly CaseRow[]): ReadonlyMap<string, readonly (CaseRow & { readonly number: number })[]> {
  const lists = new Map<string, (CaseRow & { readonly number: number })[]>();
  for (const [number, row] of rows.entries()) {
    const list = lists.get(row.resource);
    if (list === undefined) lists.set(row.resource, [{ ...row, number }]);
    else list.push({ ...row, number });
  }
  return lists;
}
