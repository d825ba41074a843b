/** Who runs what, for the first event of a stream. */
import type { About } from '../traffic/events.ts';
import { gitRevision } from './git-revision.ts';
import { rerunLine } from './rerun-line.ts';
import { VERSION } from './version.ts';

export async function aboutCommand(command: string, notes: readonly string[]): Promise<About> {
  return {
    command,
    version: VERSION,
    commandLine: rerunLine(process.argv.slice(2)),
    gitRevision: await gitRevision('.'),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    notes,
  };
}
