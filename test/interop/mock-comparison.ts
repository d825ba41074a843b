/**
 * The same plan against `mock --mode oss` of the converted contracts, exchange by exchange, in both protocol versions:
 * does our imitation of the open-source server answer as the server does?
 *
 * `answers.ts` says what is compared and which values are set aside by which rule, `mock-differences.yaml` what differs
 * and why.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '../../src/contract/contract.ts';
import { loadContracts } from '../../src/contract/load.ts';
import type { ProtocolVersion } from '../../src/protocol/dialects.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { ASIDE } from './answer-walk.ts';
import { explain, readKnownDifferences, textOf } from './known-differences.ts';
import { start, stop } from './processes.ts';
import { CLI, replay } from './replay.ts';
import { runBlocked, SEEDED } from './seeded-run.ts';
import { compareStreams, isPlannedAlike } from './streams.ts';

const START_TIMEOUT_MS = 30_000;

interface Comparison {
  /** What the server answered, by protocol version. */
  readonly real: ReadonlyMap<ProtocolVersion, readonly CaseFinished[]>;
  /** Holds `contracts/`. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** @returns the number of differences that nobody has explained, and of explanations without a difference */
export async function compareWithMock({ real, folder, say }: Comparison): Promise<number> {
  const contracts = await contractsIn(folder);
  const known = readKnownDifferences();
  let findings = 0;
  for (const [protocol, cases] of real) {
    const compared = compareStreams(cases, await mockedCases(folder, protocol, cases), contracts);
    const { reasons, unexplained, stale } = explain(compared.differences, known, protocol);
    findings += unexplained.length + stale.length;

    say(
      `mock --mode oss against the server, protocol ${protocol}: ${compared.compared} exchanges compared, ${compared.alike} alike, ` +
        `${compared.compared - compared.alike} differ in ${compared.differences.length} places; ` +
        `${compared.dependent} depend on an earlier difference of their case, ${compared.cut} bodies are too long for the stream\n`,
    );
    for (const [rule, count] of compared.aside) say(`  set aside ${count} times by ${rule}: ${ASIDE[rule]}`);
    for (const [why, count] of reasons) say(`  ${count}: ${why}`);
    for (const one of unexplained) say(`  not explained: ${one.id}: ${one.request}: ${textOf(one)}`);
    for (const text of stale) say(`  explained, but alike: ${text}`);
    say('');
  }
  return findings;
}

async function contractsIn(folder: string): Promise<readonly Contract[]> {
  const files = readdirSync(path.join(folder, 'contracts')).filter((file) => file.endsWith('.contract.yaml'));
  const { contracts, diagnostics } = await loadContracts(
    files.map((file) => path.join('contracts', file)),
    { cwd: folder },
  );
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(`a converted contract has an error: ${error.message}`);
  return contracts;
}

async function mockedCases(
  folder: string,
  protocol: ProtocolVersion,
  real: readonly CaseFinished[],
): Promise<readonly CaseFinished[]> {
  const child = start(
    process.execPath,
    [...CLI, 'mock', 'contracts', '--mode', 'oss', '--port', '0', '--quiet'],
    folder,
  );
  try {
    const baseUrl = await new Promise<string>((resolve, reject) => {
      let output = '';
      const late = setTimeout(() => reject(new Error(`the mock did not start:\n${output}`)), START_TIMEOUT_MS);
      const listen = (chunk: Buffer): void => {
        output += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
        if (found === null) return;
        clearTimeout(late);
        resolve(found[0]);
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('close', (code) => reject(new Error(`the mock ended with ${String(code)}:\n${output}`)));
    });
    const run = await replay({ folder, baseUrl, protocol, target: 'mocked', args: ['--concurrency', '1'] });
    // What the server's run left alone was planned on the examples there, and so it is here.
    const others = new Map(real.map((one) => [one.id, one]));
    const cases = run.raw.map((one): CaseFinished => {
      const other = others.get(one.id);
      const isAlike = other === undefined || other.attempts.length === 0 || isPlannedAlike(other, one);
      return isAlike || one.resource === null || !SEEDED.includes(one.resource) ? one : { ...one, verdict: 'blocked' };
    });
    return await runBlocked({ folder, baseUrl, protocol, cases });
  } finally {
    await stop(child);
  }
}
