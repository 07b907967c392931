/** What is known of a model without asking a server. */
export interface KnownModel {
  /** Length of its vectors when no other is asked for. */
  readonly dimensions: number
  /** Longest input in tokens of `cl100k_base`. */
  readonly maxInputTokens: number
  /** Whether the server accepts `dimensions` in a request. */
  readonly shortens: boolean
}

/**
 * OpenAI's embedding models (https://platform.openai.com/docs/guides/embeddings). Models of other servers are asked
 * for their dimensions once.
 */
const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = {
  'text-embedding-3-small': { dimensions: 1536, maxInputTokens: 8191, shortens: true },
  'text-embedding-3-large': { dimensions: 3072, maxInputTokens: 8191, shortens: true },
  'text-embedding-ada-002': { dimensions: 1536, maxInputTokens: 8191, shortens: false },
}

/** The model of that name, also with a provider's prefix (`openai/text-embedding-3-small`); undefined for others. */
export function knownModel(name: string): KnownModel | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return Object.hasOwn(KNOWN_MODELS, base) ? KNOWN_MODELS[base] : undefined
}
