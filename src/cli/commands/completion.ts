/** `completion <shell>`: a script that completes commands, flags and their fixed values. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { oneOf } from '../flags.ts';

export function defineCompletion(command: Command, console: Console): void {
  command
    .argument('<shell>', 'bash, zsh or fish', oneOf('bash', 'zsh', 'fish'))
    .addHelpText(
      'after',
      '\nbash: restli-contract completion bash > ~/.local/share/bash-completion/completions/restli-contract\nzsh:  restli-contract completion zsh > "${fpath[1]}/_restli-contract"\nfish: restli-contract completion fish > ~/.config/fish/completions/restli-contract.fish\n',
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { buildProgram } = await import('../program.ts');
      const { completionScript } = await import('../completion-script.ts');
      console.out(completionScript(await buildProgram(console, [], true), shell));
    });
}
