#!/usr/bin/env node
/**
 * The command. Nothing heavy is imported before it is known what is asked for: `--version` answers as fast as Node
 * starts, and a command loads only what it runs.
 */
import { VERSION } from './version.ts';

/** Must agree with `engines` in package.json. */
const NODE = [
  [20, 19],
  [22, 12],
  [24, 0],
] as const;

const args = process.argv.slice(2);

if (!runsOn(process.versions.node)) {
  process.stderr.write(`restli-contract needs Node ^20.19, ^22.12 or >=24; this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${VERSION}\n`);
} else {
  // The only WebAssembly here is the parser of HTTP answers. V8 would optimise it at the first answer, which takes 55 ms of
  // processor time and 30 MB and has not paid for itself after 10,000 answers (measured).
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--liftoff-only');
  const { main } = await import('./program.ts');
  await main(args);
}

function runsOn(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || NODE.some(([wanted, least]) => major === wanted && minor >= least);
}
