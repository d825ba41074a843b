/**
 * Completion scripts, generated from the commander tree.
 *
 * The scripts are static: they hold the words and call nothing, so that completing costs no start of Node. A package
 * that asks the command at each press of the tab key would cost 100 ms and more each time.
 */
import type { Command } from 'commander';

type Shell = 'bash' | 'zsh' | 'fish';

interface Words {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly long: string;
    readonly short: string | null;
    readonly doc: string;
    readonly takesValue: boolean;
  }[];
}

export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map((command): Words => ({
    name: command.name(),
    summary: command.summary(),
    flags: command.options
      .filter(({ hidden }) => !hidden)
      .map(({ long, short, description, required }) => ({
        long: long ?? '',
        short: short ?? null,
        doc: description,
        takesValue: required,
      })),
  }));
  return SCRIPTS[shell](program.name(), commands);
}

const SCRIPTS: Readonly<Record<Shell, (name: string, commands: readonly Words[]) => string>> = { bash, zsh, fish };

function bash(name: string, commands: readonly Words[]): string {
  const cases = commands.map(
    ({ name: command, flags }) => `    ${command}) words="${flags.map(({ long }) => long).join(' ')} --help" ;;`,
  );
  return `# bash completion of ${name}
_${identifier(name)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name: command }) => command).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _${identifier(name)} ${name}
`;
}

function zsh(name: string, commands: readonly Words[]): string {
  const described = commands.map(({ name: command, summary }) => `    '${command}:${quoted(summary)}'`);
  const cases = commands.map(({ name: command, flags }) => {
    const rows = flags.map(
      ({ long, doc, takesValue }) =>
        `        '*${long}[${quoted(doc).replace(/[[\]:]/g, '\\$&')}]${takesValue ? ':value:_files' : ''}'`,
    );
    return `      ${command})\n        _arguments \\\n${[...rows, "        '*:file:_files'"].join(' \\\n')}\n        ;;`;
  });
  return `#compdef ${name}
_${identifier(name)}() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
  else
    local command="\${words[2]}"
    shift words
    (( CURRENT-- ))
    case "$command" in
${cases.join('\n')}
    esac
  fi
}
_${identifier(name)} "$@"
`;
}

function fish(name: string, commands: readonly Words[]): string {
  const lines = [`# fish completion of ${name}`];
  for (const { name: command, summary } of commands) {
    lines.push(`complete -c ${name} -f -n __fish_use_subcommand -a ${command} -d '${quotedFish(summary)}'`);
  }
  for (const { name: command, flags } of commands) {
    for (const { long, short, doc, takesValue } of flags) {
      const letter = short === null ? '' : ` -s ${short.slice(1)}`;
      lines.push(
        `complete -c ${name} -n '__fish_seen_subcommand_from ${command}' -l ${long.slice(2)}${letter}${takesValue ? ' -r' : ''} -d '${quotedFish(doc)}'`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function identifier(name: string): string {
  return name.replace(/\W/g, '_');
}

/** Within single quotes of zsh. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}

function quotedFish(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
