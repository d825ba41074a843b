/**
 * Standard output and error of one command: who may use colour, how wide the terminal is, and what becomes of a pipe
 * that its reader closed.
 */
import type { ReporterOptions } from '../report/reporter.ts';
import { BROKEN } from './codes.ts';
import { VERSION } from './version.ts';

export interface Console {
  /** Data. */
  out(text: string): void;
  /** Messages, progress, summaries. */
  err(text: string): void;
  /** Waits while a slow reader catches up. */
  write(text: string): Promise<void> | void;
  /** True once the reader of standard output went away; what is written then is dropped. */
  readonly outClosed: () => boolean;
  readonly debug: boolean;
  readonly colour: (stream: 'out' | 'err') => boolean;
  readonly isTty: (stream: 'out' | 'err') => boolean;
  readonly terminal: (stream: 'out' | 'err') => Pick<ReporterOptions, 'colour' | 'width' | 'unicode'>;
  /** Says what happened in one line, with its stack under `--debug`; returns exit code 3. */
  crash(error: unknown): number;
}

/** Columns when the terminal does not tell, or is none. */
const DEFAULT_WIDTH = 80;

export function createConsole(args: readonly string[]): Console {
  const { env, stdout, stderr } = process;
  const debug = args.includes('--debug');
  let closed = false;

  const onError = (stream: 'out' | 'err') => (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe; the verdict still counts.
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') {
      if (stream === 'out') closed = true;
      return;
    }
    throw error;
  };
  stdout.on('error', onError('out'));
  stderr.on('error', onError('err'));

  const isTty = (stream: 'out' | 'err'): boolean => streamOf(stream).isTTY;
  const streamOf = (stream: 'out' | 'err'): NodeJS.WriteStream => (stream === 'out' ? stdout : stderr);
  const colour = (stream: 'out' | 'err'): boolean => {
    if (args.includes('--no-color')) return false;
    if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] !== '0';
    if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
    return env['TERM'] !== 'dumb' && isTty(stream);
  };
  const console: Console = {
    out: (text) => {
      if (!closed) stdout.write(text);
    },
    err: (text) => {
      stderr.write(text);
    },
    write: (text) => {
      if (closed || stdout.write(text)) return undefined;
      return new Promise((resolve) => {
        stdout.once('drain', resolve);
        stdout.once('close', resolve);
        stdout.once('error', () => resolve());
      });
    },
    outClosed: () => closed,
    debug,
    colour,
    isTty,
    terminal: (stream) => ({ colour: colour(stream), width: widthOf(streamOf(stream), env), unicode: hasUnicode(env) }),
    crash: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      stderr.write(`restli-contract failed: ${message}\n`);
      if (debug && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`);
      else
        stderr.write(
          `This is a fault of restli-contract ${VERSION}. Please report it with the command; --debug shows where it happened.\n`,
        );
      return BROKEN;
    },
  };
  return console;
}

function widthOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): number {
  const asked = Number(env['COLUMNS']);
  const columns = Number.isInteger(asked) && asked > 0 ? asked : stream.columns;
  return columns === undefined || columns <= 0 ? DEFAULT_WIDTH : Math.max(columns, 20);
}

/** A locale that names no charset is taken for UTF-8 but for the bare `C` and the console of Linux. */
function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale) || !/^(?:C|POSIX)$/.test(locale);
}
