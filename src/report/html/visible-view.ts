/** Makes every text of a view model harmless to look at, wherever it stands. */
import { visible } from '../../diagnostic/visible.ts';

/** A copy with each string made visible; lists and plain objects of our own views only, which are not deep. */
export function visibleView<View>(view: View): View;
export function visibleView(view: unknown): unknown {
  if (typeof view === 'string') return visible(view);
  if (Array.isArray(view)) return view.map((item) => visibleView(item));
  if (typeof view !== 'object' || view === null) return view;
  return Object.fromEntries(Object.entries(view).map(([name, value]) => [name, visibleView(value)]));
}
