/** The command line as one that can be pasted; the redactor masks its secrets when it becomes part of an event. */

/** Flags of where results go: whoever runs again one case does not want the reports replaced. */
const OUTPUT_FLAGS = new Set(['--reporter', '--output']);

export function rerunLine(args: readonly string[]): string {
  const kept: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (OUTPUT_FLAGS.has(arg)) index += 1;
    else if (![...OUTPUT_FLAGS].some((flag) => arg.startsWith(`${flag}=`))) kept.push(shellWord(arg));
  }
  return ['restli-contract', ...kept].join(' ');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
