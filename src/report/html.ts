import type { Reporter } from './reporter.ts';
export const htmlReporter: Reporter = async () => {};
