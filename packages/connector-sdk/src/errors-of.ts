import { LoaderError } from './errors.ts'
import type { ErrorKind, LoaderErrorInit } from './errors.ts'

/** What is known of an error before it happens. */
export interface ErrorEntry {
  readonly kind: ErrorKind
  /** What happened, to what. One line, without secrets. `{name}` stands for a value. */
  readonly message: string
  /** What the user does about it: an instruction. May hold values, too. */
  readonly hint: string
  /** For documentation, where a text is put together at run time: what it says in general. */
  readonly about?: { readonly message?: string | undefined; readonly hint?: string | undefined } | undefined
}

/**
 * The errors of a package, by code. `{name}` in a text stands for a value, and `[: {name}]` for words that are left out
 * when the value is. A code that means different things to different users has variants: `notes_unreadable` and
 * `notes_unreadable/folder` make errors with one code, and each has a kind, a message and a hint of its own.
 */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>

/** The part of an error that its table decides; an `UnreadableScope` is one with a scope. */
export type ErrorDescription = Pick<LoaderErrorInit, 'code' | 'kind' | 'message' | 'hint'>

/** What a table cannot know: the error behind this one, and what the server said about trying again. */
export type ErrorCircumstances = Pick<LoaderErrorInit, 'cause' | 'retryAfterMs' | 'rateLimited'>

/** Makes the errors of one table. A missing or unknown value does not compile. */
export interface ErrorMaker<Table extends ErrorTable> {
  <Key extends keyof Table & string>(key: Key, ...given: [...ValuesOf<Table[Key]>, circumstances?: ErrorCircumstances]): LoaderError
  /** The same in words: for an error class of one's own, or an `UnreadableScope`. */
  describe<Key extends keyof Table & string>(key: Key, ...values: ValuesOf<Table[Key]>): ErrorDescription & Pick<Table[Key], 'kind'>
}

/**
 * The one way in which a package makes its errors.
 *
 * ```ts
 * import { errorsOf } from '@qdrant-loader/connector-sdk'
 * import type { ErrorTable } from '@qdrant-loader/connector-sdk'
 *
 * const CODES = {
 *   notes_unreadable: { kind: 'config', message: 'The folder {folder} cannot be read', hint: 'Check `folder`.' },
 * } as const satisfies ErrorTable
 * const notesError = errorsOf(CODES)
 *
 * export function unreadable(folder: string, cause: unknown): Error {
 *   return notesError('notes_unreadable', { folder }, { cause })
 * }
 * ```
 */
export function errorsOf<const Table extends ErrorTable>(table: Table): ErrorMaker<Table> {
  const describe = (key: string, values: Values = {}): ErrorDescription => {
    const { kind, message, hint } = table[key] as ErrorEntry
    return { code: codeOf(key), kind, message: filled(message, values), hint: filled(hint, values) }
  }
  const make = (key: string, values?: Values, circumstances?: ErrorCircumstances): LoaderError =>
    errorFrom(describe(key, values), circumstances)
  // The types of the values follow from the texts, which only the caller's side knows.
  return Object.assign(make, { describe }) as unknown as ErrorMaker<Table>
}

/** The code of a key of an {@link ErrorTable}, which may be that of a variant. */
export function codeOf(key: string): string {
  return key.split('/', 1).join()
}

/** An error again from its words: those of another thread or process, which an error does not cross. */
export function errorFrom(description: ErrorDescription, circumstances?: ErrorCircumstances): LoaderError {
  return new LoaderError({ ...description, ...circumstances })
}

/**
 * The same error about one document: that one goes to the failure ledger, and the others go on. What is wrong with one
 * document stays an error of its kind.
 */
export function asDocumentError(error: LoaderError): LoaderError {
  if (error.kind === 'document') return error
  return new LoaderError({ code: error.code, kind: 'document', message: error.message, hint: error.hint, cause: error })
}

type Values = Readonly<Record<string, string | number | undefined>>

/** Names in a text, but for those of variables of the environment (`${NAME}`) and YAML in braces (`{ key: value }`). */
const NAME = /(?<!\$)\{([a-z]\w*)\}/gi
const OPTIONAL = /\[([^[\]]*)\]/g

function filled(text: string, values: Values): string {
  const wanted = text.replace(OPTIONAL, (whole, part: string) => {
    const names = [...part.matchAll(NAME)].map(([, name = '']) => name)
    if (names.length === 0) return whole
    return names.every((name) => values[name] !== undefined) ? part : ''
  })
  return wanted.replace(NAME, (whole, name: string) => String(values[name] ?? whole))
}

type Text<Entry extends ErrorEntry> = `${Entry['message']} ${Entry['hint']}`

type Names<Part extends string> = Part extends `${infer Before}{${infer Name}}${infer After}`
  ? (Before extends `${string}$` ? never : Name extends `${string} ${string}` ? never : Name) | Names<After>
  : never

type WithoutOptional<Part extends string> = Part extends `${infer Before}[${string}]${infer After}` ? `${Before}${WithoutOptional<After>}` : Part

type ValuesOf<Entry extends ErrorEntry> = [Names<Text<Entry>>] extends [never]
  ? [values?: Readonly<Record<string, never>>]
  : [Names<WithoutOptional<Text<Entry>>>] extends [never]
    ? [values?: Named<Entry>]
    : [values: Named<Entry>]

type Named<Entry extends ErrorEntry> = {
  readonly [Name in Names<WithoutOptional<Text<Entry>>>]: string | number
} & {
  readonly [Name in Exclude<Names<Text<Entry>>, Names<WithoutOptional<Text<Entry>>>>]?: string | number | undefined
}
