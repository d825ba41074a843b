import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'tsdown';
import { contractSchema } from './src/contract/contract-schema.ts';

const DIST = path.join(import.meta.dirname, 'dist');

/** Packages whose code lies inside the bundle: their licences travel with it. */
const bundled = new Set<string>();

/**
 * Parts of packages that are asked for and never reached: of undici, bodies that are no bytes and HTTP/2, which our
 * connector does not offer; of ajv, the meta-schemas and the reading of URIs, which `schema/engine.ts` switches off.
 * Compiling them (and what stands behind them, node:http2 too) took 12 ms of every start (measured).
 */
const UNREACHED =
  /\/undici\/lib\/(?:web\/fetch\/body|dispatcher\/client-h2)\.js$|\/fast-uri\/index\.js$|\/ajv\/dist\/refs\/json-schema-[^/]*\/index\.js$/;
/** The same parser with and without SIMD; a text of 70 kB each. Without runs everywhere, and no slower on our answers. */
const SIMD_PARSER = /\/llhttp\/llhttp_simd-wasm\.js$/;
const NO_PROCESSES = '\0no-processes.cjs';

/**
 * One ESM bundle a public entry, with what every run needs inside: hundreds of small CommonJS files cost more to find
 * and compile than they take to run. What few runs need stays outside, behind a lazy import. Comments and white space
 * go, names stay: a stack trace under `--debug` can be read.
 */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    cli: 'src/cli/main.ts',
    mock: 'src/mock/index.ts',
    nock: 'src/mock/nock.ts',
    vitest: 'src/vitest/index.ts',
    report: 'src/report/index.ts',
    convert: 'src/convert/index.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  deps: {
    alwaysBundle: [
      /^(undici|ajv|ajv-formats|fast-uri|fast-deep-equal|json-schema-traverse)(\/|$)/,
      /^(yaml|commander|picocolors|lilconfig|tinyglobby|fdir|picomatch)(\/|$)/,
    ],
  },
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  dts: true,
  clean: true,
  sourcemap: false,
  report: false,
  plugins: [
    {
      // Our commands are no programs of their own, which is all that commander would start processes for.
      name: 'part-of-commander',
      resolveId: (id, importer) =>
        id === 'node:child_process' && importer?.includes('/commander/') === true ? NO_PROCESSES : null,
      load: (id) => (id === NO_PROCESSES ? 'module.exports = {};' : null),
    },
    {
      name: 'unreached-parts',
      load(id) {
        if (UNREACHED.test(id)) return 'module.exports = {};';
        return SIMD_PARSER.test(id) ? "module.exports = require('./llhttp-wasm.js');" : null;
      },
    },
    {
      name: 'bundled-packages',
      generateBundle(_options, output) {
        for (const chunk of Object.values(output)) {
          if (chunk.type !== 'chunk') continue;
          for (const id of chunk.moduleIds) {
            const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
            if (found !== undefined) bundled.add(found);
          }
        }
      },
    },
  ],
  hooks: {
    'build:done': () => {
      writeFileSync(path.join(DIST, 'contract.schema.json'), `${JSON.stringify(contractSchema(), null, 2)}\n`);
      copyFileSync('src/run/result.schema.json', path.join(DIST, 'result.schema.json'));
      writeFileSync(path.join(DIST, 'THIRD-PARTY-LICENSES.txt'), licences());
    },
  },
});

function licences(): string {
  return [...bundled]
    .toSorted()
    .map((name) => {
      const folder = path.join(import.meta.dirname, 'node_modules', name);
      const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const file = existsSync(folder) ? readdirSync(folder).find((one) => /^licen[cs]e/i.test(one)) : undefined;
      if (file === undefined) throw new Error(`Failed to find the licence of ${name}, which the bundle holds`);
      return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
