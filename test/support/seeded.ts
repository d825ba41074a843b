/**
 * Properties are tried with one seed, so that a red test is red again. `FC_SEED=random` draws another each time; a
 * number repeats what such a run has printed.
 */
import * as fc from 'fast-check';

const wanted = process.env['FC_SEED'];
const seed = wanted === 'random' ? Date.now() % 2 ** 31 : Number(wanted ?? 20_261_124);
if (wanted !== undefined) process.stderr.write(`fast-check seed ${seed}\n`);
fc.configureGlobal({ seed });
