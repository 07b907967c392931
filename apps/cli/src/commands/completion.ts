import type { CommandContext, CommandResult } from '../command-context.ts'
import { completionScript } from '../command-line/completion-script.ts'
import type { Shell } from '../command-line/shells.ts'
import { ExitCode } from '../failure/exit-code.ts'

/** Prints the script that makes a shell ask this program for completions. */
export async function completion(context: CommandContext): Promise<CommandResult> {
  await context.stdout.write(completionScript(context.operand as Shell))
  return { exitCode: ExitCode.done }
}
