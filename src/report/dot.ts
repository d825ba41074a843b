/** The dot reporter: one sign a case, eighty to a line, then the ending of the text reporter. */
import type { Reporter } from './reporter.ts';
import { endingLines } from './text-ending.ts';
import { penFor } from './text-style.ts';
import { Tally } from './tally.ts';

/** Signs of one line at most, however wide the terminal is. */
const WIDEST = 80;

export const dotReporter: Reporter = async (events, write, options) => {
  const pen = penFor(options);
  const perLine = Math.min(WIDEST, pen.width);
  const tally = new Tally();

  for await (const event of events) {
    tally.add(event);
    if (event.type !== 'case') continue;
    const sign = event.verdict === 'pass' ? pen.paint('green', '.') : pen.sign(event.verdict);
    await write(tally.total % perLine === 0 ? `${sign}\n` : sign);
  }
  if (tally.total % perLine !== 0) await write('\n');
  await write(`${endingLines(tally, pen, options).join('\n')}\n`);
};
