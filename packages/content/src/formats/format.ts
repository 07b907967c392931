import type { JsonObject, SkipReason, TextFormat } from '@qdrant-loader/connector-sdk'

/** What a file is, decided by its name and media type alone, so that a rename can be judged without its content. */
export interface FileFormat {
  /** Name of the format in the table of `formats.ts`: `markdown`, `html`, `code`, … */
  readonly name: string
  /** MIME type for the payload. */
  readonly contentType: string
  /** Programming language, for code. */
  readonly language?: string
  /** The text may name its own title. Otherwise the name of the file is the title, and a listing knows it. */
  readonly titled: boolean
}

/** Bytes of a source, and what the source knows of them. */
export interface RawContent {
  readonly bytes: Uint8Array
  /** File name or path with `/`. It decides the format where the media type does not. */
  readonly name?: string | undefined
  /** Content-Type as the server gave it, with its parameters. */
  readonly mediaType?: string | undefined
}

/** What a conversion may ask for beside the content. */
export interface ConvertOptions {
  /** Absolute URL that relative links are resolved against. Without it they stay as they are. */
  readonly baseUrl?: string | undefined
  /** Also take documents that call themselves drafts. Default: they are skipped as `draft`. */
  readonly drafts?: boolean | undefined
  /** Also take what the code of notebooks printed, up to 500 characters a cell. Default: code and text alone. */
  readonly notebookOutputs?: boolean | undefined
  /**
   * Reads a file that the text includes, by its path inside the source (never absolute, never above the root).
   * `undefined`: there is no such file, or it may not be read. Without this nothing is included.
   */
  readonly include?: ((path: string, signal: AbortSignal) => Promise<string | undefined>) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A text as the pipeline takes it. */
export interface ConvertedText {
  readonly text: string
  readonly format: TextFormat
  /** Title found in the text. Absent: the name of the file is the title. */
  readonly title?: string | undefined
  /** What the content says of itself; it goes to `metadata` of the payload. */
  readonly metadata?: JsonObject | undefined
  /** Programming language for code, natural language otherwise. */
  readonly language?: string | undefined
  /** Paths inside the source that went into this text, whether they were found or not. */
  readonly included?: readonly string[] | undefined
}

/** What came of one file. */
export type Converted = (ConvertedText | { readonly skipped: SkipReason }) & { readonly contentType: string }

/** What a converter is told beside the text. */
export interface Conversion extends ConvertOptions {
  /** As in `RawContent.name`. */
  readonly name?: string | undefined
  readonly file: FileFormat
}

/**
 * Makes text of a format that is text itself. What it is given has line feeds only, and no byte order mark. It never
 * throws because of the text, takes time linear in it, and loses no visible word.
 */
export type TextConverter = (text: string, conversion: Conversion) => ConvertedText | { readonly skipped: SkipReason } | Promise<ConvertedText | { readonly skipped: SkipReason }>

/** A kind of files: how it is told, and what converts it. */
export interface Format {
  /** Raised when the same file gives another text, title or metadata. Part of the extraction fingerprint. */
  readonly version: number
  /** Without parameters, lower case. The first is what the payload says. */
  readonly mediaTypes: readonly [string, ...string[]]
  /** Endings of names, without the dot, lower case. */
  readonly extensions: readonly string[]
  /** See {@link FileFormat.titled}. */
  readonly titled: boolean
  /** Texts may include other files, by paths that are relative to their own. Default: they do not. */
  readonly includes?: boolean
  /** Converted in a thread of its own, within these bounds: others wrote the converter, and texts can make it slow. */
  readonly isolated?: { readonly seconds: number; readonly megabytes: number }
  /** Loads the converter, which is loaded with the first file that needs it. */
  readonly load: () => Promise<TextConverter>
}
