/** A case in full as the template prints it: bodies as rows. */
import type { BodyView } from './body-view.ts';
import type { BaselineView, CaseView, ExchangeView } from './case-view.ts';

/** A body as the rows that the template prints. */
interface BodyRows {
  readonly note: string;
  readonly rows: readonly { readonly gap: number; readonly n: number; readonly text: string; readonly mark: string }[];
}

export type FailureView = Omit<CaseView, 'exchanges'> & {
  readonly open: boolean;
  readonly exchanges: readonly (Omit<ExchangeView, 'requestBody' | 'responseBody' | 'baseline'> & {
    readonly requestBody: BodyRows | null;
    readonly responseBody: BodyRows | null;
    readonly baseline: (Omit<BaselineView, 'responseBody'> & { readonly responseBody: BodyRows | null }) | null;
  })[];
};

export function failureView(view: CaseView, open: boolean): FailureView {
  const exchanges = view.exchanges.map((exchange) => ({
    ...exchange,
    requestBody: bodyRows(exchange.requestBody),
    responseBody: bodyRows(exchange.responseBody),
    baseline:
      exchange.baseline === null
        ? null
        : { ...exchange.baseline, responseBody: bodyRows(exchange.baseline.responseBody) },
  }));
  return { ...view, open, exchanges };
}

function bodyRows(body: BodyView | null): BodyRows | null {
  if (body === null) return null;
  const marks = new Map(body.marks);
  const rows = body.parts.flatMap(({ first, text, before }) => {
    const gap = before > 0 ? [{ gap: before, n: 0, text: '', mark: '' }] : [];
    if (first === 0) return gap;
    const lines = text
      .split('\n')
      .map((line, index) => ({ gap: 0, n: first + index, text: line, mark: marks.get(first + index) ?? '' }));
    return [...gap, ...lines];
  });
  return { note: body.note, rows };
}
