/** Stops a world and frees what it holds. */
export interface WorldCleanup {
  (): Promise<void> | void
}

/**
 * A simulated source that the suite changes and the connector under test reads. Each law gets a new one, which starts
 * without documents. What is marked as optional is there, or its reason is in {@link World.lacks}: a test fails
 * otherwise.
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
  /** Optional: gives an existing document another name, with its text as it is. */
  rename?(from: string, to: string): Promise<void> | void
  /** Optional: changes what is in the payload of a document and not in its content. */
  touch?(name: string): Promise<void> | void
  /** Called after changes and before the connector looks: commits, lets an index catch up, advances a clock. */
  settle?(): Promise<void> | void
  /** Optional: makes the source unreachable. */
  fail?(): Promise<void> | void
  /**
   * Optional: the source answers so many more requests of the connector, and fails each one after them as it really
   * fails: a connection that is closed, a 500, an answer that is cut short. With `requests`, only so many fail, and the
   * source is well again after them: that is where an error is taken for an end and nothing else gives it away. Called
   * again, it counts anew.
   */
  breakOff?(afterRequests: number, requests?: number): Promise<void> | void
  /** Optional: the source refuses the credentials of the configuration, as when a token was revoked. */
  refuse?(): Promise<void> | void
  /** Optional: a page of a listing leads on to one that was shown before, so that following it never ends. */
  repeat?(): Promise<void> | void
  /** Optional: the source takes requests and never answers them. */
  stall?(): Promise<void> | void
  /** Optional: the source cannot give the content of this one document, and works otherwise. */
  spoil?(name: string): Promise<void> | void
  /** Ends what `fail`, `breakOff`, `refuse`, `repeat`, `stall` and `spoil` began. A world that has one of them has this. */
  heal?(): Promise<void> | void
  /**
   * What this world does without, and why, in a sentence: `{ touch: 'Its text is all there is to a note.' }`. The laws
   * that need it are not tested, and the suite shows the reason in their place.
   */
  readonly lacks?: Readonly<Partial<Record<WorldFeature, string>>> | undefined
  /**
   * Optional: how many documents the source shows on one page of a listing, at most. Choose the smallest that the
   * simulated server can be set to: the suite writes more than two pages.
   */
  readonly pageSize?: number | undefined
  /** Optional: strings that must appear in no error, log line, progress text or change. */
  readonly secrets?: readonly string[] | undefined
  /** Milliseconds since the epoch for the connector's clock. Default: the real time. */
  now?(): number
  readonly dispose?: WorldCleanup | undefined
}

/** What a world may do without. */
export type WorldFeature = 'rename' | 'touch' | 'pageSize' | 'fail' | 'breakOff' | 'refuse' | 'repeat' | 'stall' | 'spoil' | 'secrets'

/** Makes a new, empty world. */
export type MakeWorld = () => Promise<World> | World

/** The parts of the suite. */
export type LawGroup = 'contract' | 'detection' | 'parallel' | 'recovery' | 'trouble' | 'histories'

/** How thorough and how patient the suite is. */
export interface ConformanceOptions {
  /** Groups of laws to test, for a second world of the same connector. Default: all. */
  readonly groups?: readonly LawGroup[] | undefined
  /** Random histories to try. Default 20. */
  readonly histories?: number | undefined
  /** Changes in the longest random history. Default 12. */
  readonly historyLength?: number | undefined
  /** Fixes the random histories. Default 20261122. */
  readonly seed?: number | undefined
  /**
   * How long one law may take, in milliseconds. Default 60,000; the random histories get a tenth of it more for each
   * history. Vitest's own `testTimeout` does not count.
   */
  readonly timeoutMs?: number | undefined
  /**
   * How long a connector may take to stop when it is told to, and to see that a listing leads back to where it was, in
   * milliseconds. Default 10,000.
   */
  readonly patienceMs?: number | undefined
}
