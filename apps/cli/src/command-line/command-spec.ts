import type { CommandContext, CommandResult, ParsedFlags } from '../command-context.ts'

/** What a shell can complete a word with: files, or names that the configuration has. */
export type Completable = 'file' | 'project' | 'source-type' | 'source'

/** A flag as data: what it accepts, and what its help says. */
export type FlagSpec =
  | { readonly type: 'boolean'; readonly describe: string }
  | { readonly type: 'string'; readonly value: string; readonly completes: Completable; readonly describe: string }
  | { readonly type: 'choice'; readonly choices: readonly string[]; readonly describe: string }
  | { readonly type: 'integer'; readonly value: string; readonly min: number; readonly max: number; readonly describe: string }

export type FlagSpecs = Readonly<Record<string, FlagSpec>>

/** The values that a set of flags parses to. A boolean flag is `false` when absent, any other `undefined`. */
export type FlagValues<Specs extends FlagSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends { readonly type: 'boolean' }
    ? boolean
    : Specs[Name] extends { readonly type: 'integer' }
      ? number | undefined
      : Specs[Name] extends { readonly type: 'choice'; readonly choices: readonly (infer Choice)[] }
        ? Choice | undefined
        : string | undefined
}

/** Runs a command. */
export type RunCommand<Specs extends FlagSpecs> = (context: CommandContext<FlagValues<Specs>>) => Promise<CommandResult>

/** A command as data. Its code is imported by `load`, so that a command pays for no other. */
export interface CommandSpec<Specs extends FlagSpecs = FlagSpecs> {
  /** One word, or two for a member of a group: `config show`. */
  readonly name: string
  readonly summary: string
  /** The operand's name in help. It may be given as several words, which are joined by spaces. */
  readonly operand?: string
  /** The words that the operand may be, or what a shell completes it with. Default: any text. */
  readonly operandOf?: Completable | readonly string[]
  readonly flags: Specs
  /** Pairs of flags that exclude each other. */
  readonly exclusive?: readonly (readonly [string, string])[]
  /** Pairs of flags of which the first means nothing without the second. */
  readonly requires?: readonly (readonly [string, string])[]
  /** What is printed beside `error` with `--json` when the command fails before it can report. */
  readonly emptyReport?: (flags: ParsedFlags) => Record<string, unknown>
  readonly load: () => Promise<RunCommand<Specs>>
}

/** A command of any flags, as the table of commands holds it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list of commands with different flags; `load` is contravariant in them
export type AnyCommand = CommandSpec<any>

/** Ties a command's flags to the code that it loads. */
export function defineCommand<const Specs extends FlagSpecs>(spec: CommandSpec<Specs>): CommandSpec<Specs> {
  return spec
}
