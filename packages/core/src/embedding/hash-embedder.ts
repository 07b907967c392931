import { countRequest } from '../performance/request-scope.ts'
import type { Embedder, OnAnswer } from './embedder.ts'
import { embeddingFingerprint } from './fingerprint.ts'
import { checkVectors } from './normalise.ts'

/** Raise it when the vectors change. */
const HASH_VERSION = 1
const DEFAULT_DIMENSIONS = 384
const WORD_SEED = 0x811c9dc5
const TRIGRAM_SEED = 0x9747b28c

/** Configures a {@link HashEmbedder}. */
export interface HashEmbedderOptions {
  /** 1 and up; 384 when left out. */
  readonly dimensions?: number
  /** Inputs that count as one request, at most; unbounded when left out. */
  readonly batchSize?: number
}

/**
 * Vectors without a model: words, and their runs of three characters, are hashed to signed coordinates. Texts with
 * words or word stems in common are near each other, nothing more is understood. Deterministic on every machine and
 * very fast; for tests and for trying things out.
 */
export class HashEmbedder implements Embedder {
  readonly provider = 'hash'
  readonly model = `hash-v${HASH_VERSION}`
  readonly fingerprint: string
  readonly maxInputTokens = Number.MAX_SAFE_INTEGER
  requests = 0
  inputs = 0
  readonly #dimensions: number
  readonly #batchSize: number

  constructor(options: HashEmbedderOptions = {}) {
    this.#batchSize = options.batchSize ?? Number.POSITIVE_INFINITY
    this.#dimensions = options.dimensions ?? DEFAULT_DIMENSIONS
    this.fingerprint = embeddingFingerprint('hash', this.model, this.#dimensions)
  }

  dimensions(): Promise<number> {
    return Promise.resolve(this.#dimensions)
  }

  async embed(inputs: readonly string[], signal: AbortSignal, answered?: OnAnswer): Promise<readonly Float32Array[]> {
    signal.throwIfAborted()
    if (inputs.length === 0) return []
    const requests = Math.max(1, Math.ceil(inputs.length / this.#batchSize))
    this.requests += requests
    countRequest('embedder', requests)
    this.inputs += inputs.length
    const vectors = inputs.map((input) => hashVector(input, this.#dimensions))
    const checked = checkVectors(vectors, { from: 'hash embedder', count: inputs.length, dimensions: this.#dimensions })
    await answered?.(0, checked)
    return checked
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

function hashVector(input: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  const text = input.toLowerCase()
  let word = WORD_SEED
  let first = 0
  let second = 0
  let length = 0
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 32
    if (isWordCode(code)) {
      word = Math.imul(word ^ code, 0x01000193)
      if (length >= 2) add(vector, trigram(first, second, code), 0.25)
      first = second
      second = code
      length += 1
    } else if (length > 0) {
      add(vector, finish(word), 1)
      word = WORD_SEED
      length = 0
    }
  }
  // A text without a single word still has to have a direction.
  if (vector.every((value) => value === 0)) vector[finish(hashAll(text)) % dimensions] = 1
  return vector
}

function add(vector: Float32Array, hash: number, weight: number): void {
  const at = (hash >>> 1) % vector.length
  vector[at] = (vector[at] as number) + ((hash & 1) === 0 ? weight : -weight)
}

/** Letters and digits; everything beyond ASCII counts as a letter, but for the general and CJK punctuation. */
function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95
  return code >= 0xaa && !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f)
}

function trigram(first: number, second: number, third: number): number {
  let hash = Math.imul(TRIGRAM_SEED ^ first, 0x01000193)
  hash = Math.imul(hash ^ second, 0x01000193)
  return finish(Math.imul(hash ^ third, 0x01000193))
}

function hashAll(text: string): number {
  let hash = WORD_SEED
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
