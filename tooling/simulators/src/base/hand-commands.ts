import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** Something that can be done by hand to a running simulator. */
export interface HandCommand {
  /** Its name, then the words it takes: `edit PAGE`. */
  readonly usage: string
  /** Returns what was done. Throws with a message for the user when the words make no sense. */
  run(words: readonly string[]): string
}

/** Carries out the lines that somebody types, and says what each did, until the input ends. */
export async function obey(commands: readonly HandCommand[], input: Readable, output: Writable): Promise<void> {
  output.write(`${help(commands)}\n`)
  for await (const line of createInterface({ input })) {
    const [name, ...words] = line.split(/\s+/).filter((word) => word !== '')
    if (name !== undefined) output.write(`${answer(commands, name, words)}\n`)
  }
}

function answer(commands: readonly HandCommand[], name: string, words: readonly string[]): string {
  const command = commands.find(({ usage }) => usage.split(' ', 1)[0] === name)
  if (command === undefined) return help(commands)
  try {
    return `${name}: ${command.run(words)}`
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}; usage: ${command.usage}`
  }
}

function help(commands: readonly HandCommand[]): string {
  return `# type to change it: ${commands.map(({ usage }) => usage).join(' · ')}`
}
