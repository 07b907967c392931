/** Stops a world and frees what it holds. */
export interface WorldCleanup {
  (): Promise<void> | void
}

/**
 * A simulated source that the suite changes and the connector under test reads. Each test gets a new one, which starts
 * without documents.
 */
export interface World {
  /** One source as the user writes it, before validation. */
  readonly config: Readonly<Record<string, unknown>>
  /** What a clean build must hold now: document id to its whole text. Things the connector skips are not in it. */
  documents(): Promise<ReadonlyMap<string, string>> | ReadonlyMap<string, string>
  /**
   * Creates the document that the suite calls `name`, or gives it another text. Names are words, also with slashes
   * (`guide/first`); how they become ids is the world's business. Texts are Markdown.
   */
  write(name: string, text: string): Promise<void> | void
  /** Deletes it. The suite calls it only for names that exist. */
  remove(name: string): Promise<void> | void
  /** Gives an existing document another name, with its text as it is. Absent: the source has no names to change. */
  rename?(from: string, to: string): Promise<void> | void
  /** Changes what is in the payload of a document and not in its content. Absent: there is nothing like that. */
  touch?(name: string): Promise<void> | void
  /** Called after changes and before the connector looks: commits, lets an index catch up, advances a clock. */
  settle?(): Promise<void> | void
  /** Makes the source unreachable until `heal`. Absent: it cannot be. */
  fail?(): Promise<void> | void
  heal?(): Promise<void> | void
  /** What this world does without; the suite fails where something is missing that is not named here. */
  readonly lacks?: readonly WorldFeature[]
  /** Strings that must appear in no error, log line, progress text or change. */
  readonly secrets?: readonly string[]
  /** Milliseconds since the epoch for the connector's clock. Default: the real time. */
  now?(): number
  readonly dispose?: WorldCleanup
}

/** What a world may do without. */
export type WorldFeature = 'rename' | 'touch' | 'fail' | 'secrets'

/** Makes a new, empty world. */
export type MakeWorld = () => Promise<World> | World

/** How thorough the suite is. */
export interface ConformanceOptions {
  /** Random histories to try. Default 20. */
  readonly histories?: number
  /** Changes in the longest random history. Default 12. */
  readonly historyLength?: number
  /** Fixes the random histories. Default 20261122. */
  readonly seed?: number
}
