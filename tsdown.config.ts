import { defineConfig } from 'tsdown';

/** One ESM bundle a public entry; packages stay outside, so that a lazy import is paid for only where it is used. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    cli: 'src/cli/main.ts',
    mock: 'src/mock/index.ts',
    report: 'src/report/index.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  dts: true,
  clean: true,
  sourcemap: false,
  report: false,
});
