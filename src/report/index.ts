/** The entry point `./report`: the reporters by name, what they are made of, and how a stream is read back. */
export { fanOut, type Output, type OutputFailure } from './fan-out.ts';
export { readStream, type DamagedLine, type StreamReading } from './ndjson.ts';
export type { Reporter, ReporterOptions, Write } from './reporter.ts';
export { REPORTERS, type ReporterEntry } from './reporters.ts';
export { openFileSink, OutputError, type Sink } from './write.ts';
