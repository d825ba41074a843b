/** Events of a run -> its reporters, and the last words on standard error. */
import { fanOut } from '../report/fan-out.ts';
import { VERDICTS, type RunEnded, type RunEvent } from '../run/events.ts';
import type { Console } from './console.ts';
import { openOutputs, type ReporterPlan } from './outputs.ts';
import { SignOfLife } from './sign-of-life.ts';

export interface Delivery {
  readonly console: Console;
  readonly strict: boolean;
  /** Whether the events come in as something is done; false: they are read from a file. */
  readonly live: boolean;
}

export interface Delivered {
  /** The last event; null when the stream was cut off. */
  readonly end: RunEnded | null;
  /** Whether an output could not be written. */
  readonly failed: boolean;
  /** Whether a reporter for people wrote to the terminal. */
  readonly told: boolean;
}

/** Feeds all reporters; says on standard error which could not be written, after the verdict. */
export async function deliver(
  events: AsyncIterable<RunEvent>,
  plans: readonly ReporterPlan[],
  delivery: Delivery,
): Promise<Delivered> {
  const { console, strict, live } = delivery;
  const { outputs, failures } = await openOutputs(plans, console, { strict, live });
  const life = live && !console.isTty('err') ? new SignOfLife(console) : null;
  const seen = { end: null as RunEnded | null };
  const watch = (event: RunEvent): void => {
    life?.show(event);
    if (event.type === 'end') seen.end = event;
  };

  const broken = await fanOut(events, outputs, watch).finally(() => life?.end());
  const messages = [...failures.map(({ message }) => message), ...broken.map(({ message }) => message)];
  const isTold = plans.some(({ name, path }) => path === null && (name === 'text' || name === 'dot'));
  if (seen.end !== null && (!isTold || messages.length > 0))
    console.err(`${totals(seen.end, messages.length === 0)}\n`);
  for (const message of messages) console.err(`error: ${message}\n`);
  return { end: seen.end, failed: messages.length > 0, told: isTold };
}

/** `3 pass, 1 fail, 2 skip of 6`; verdicts that did not occur are left out. An output that failed changes the exit code. */
function totals({ verdicts, selected, exitCode }: RunEnded, isLast: boolean): string {
  const parts = VERDICTS.filter((verdict) => verdicts[verdict] > 0).map((verdict) => `${verdicts[verdict]} ${verdict}`);
  return `${parts.join(', ') || 'nothing was run'} of ${selected}${isLast ? ` (exit code ${exitCode})` : ''}`;
}
