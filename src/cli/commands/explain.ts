/** `explain <id>`: a rule of the catalogue, or a request method, as a page on the terminal. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';

export function defineExplain(command: Command, console: Console): void {
  command
    .argument('[what]', 'id of a rule (headers/method-missing), its family (headers), or a request method (BATCH_GET)')
    .action(async (what: string | undefined) => {
      const { explain, overview } = await import('../explanation.ts');
      if (what === undefined) {
        console.out(overview());
        return;
      }
      const page = explain(what);
      if (typeof page === 'string') {
        console.out(page);
        return;
      }
      console.err(`error: ${page.problem}\n`);
      process.exitCode = 2;
    });
}
