/** `convert <format> <inputs…>`: contracts from other descriptions, and OpenAPI from contracts. */
import type { Command } from 'commander';
import { FORMATS } from '../../convert/formats.ts';
import type { Console } from '../console.ts';
import { each } from '../flags.ts';
import type { ConvertFlags } from '../convert-action.ts';

export function defineConvert(command: Command, console: Console): void {
  const formats = Object.values(FORMATS);
  command
    .argument('<format>', formats.map(({ name, summary }) => `${name}: ${summary}`).join('; '))
    .argument('<inputs...>', 'files; for restli and openapi folders as well')
    .option(
      '--out <path>',
      'folder of the contracts (default: contracts), or the file of the document (default: standard output)',
    )
    .option('--force', 'overwrite files that are there')
    .option('--schemas <folder>', 'restli: where com.example.Book stands as com/example/Book.pdl, repeatable', each)
    .option('--base <path>', 'har, curl: what stands before the resources in paths, such as /rest')
    .option('--title <text>', 'openapi: title of the document')
    .option('--server <url>', 'openapi: a base URL, repeatable', each)
    .addHelpText(
      'after',
      '\nExamples:\n  restli-contract convert restli src/main --out contracts\n  restli-contract convert openapi contracts --out openapi.json\n',
    )
    .action(async (format: string, inputs: readonly string[], flags: ConvertFlags) => {
      const { convert } = await import('../convert-action.ts');
      process.exitCode = await convert(format, inputs, flags, console);
    });
}
