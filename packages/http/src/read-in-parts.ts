import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { httpError } from './codes.ts'
import type { ServerHealth } from './server-health.ts'

/** How {@link readInParts} wants one request to be made: the options of `JsonApi` and `HttpClient` of these names. */
export interface PartCall {
  readonly signal: AbortSignal
  /** Absent: as often as the client retries. */
  readonly retries?: number
}

/** What {@link readInParts} needs. */
export interface ReadInPartsOptions<Item, Result> {
  /** The most items of one request. A slow server gets fewer, see {@link ServerHealth.mostAtOnce}. */
  readonly size: number
  /** Asks for these items in one request. */
  readonly read: (items: readonly Item[], call: PartCall) => Promise<Result>
  readonly health: ServerHealth
  readonly signal: AbortSignal
  /** The item in a message: `issue 10042`. */
  readonly describe: (item: Item) => string
  /**
   * Further errors that one of the items may cause, besides those of kind `transient` and `document`: a 400 that
   * names an unknown id, for example.
   */
  readonly ofOne?: (error: LoaderError) => boolean
  /** Errors that asking for the same again does not change. */
  readonly certain?: (error: LoaderError) => boolean
}

/** What came of some items: an answer, or the reason why one of them cannot be read. */
export type Part<Item, Result> =
  | { readonly items: readonly Item[]; readonly result: Result; readonly error?: undefined }
  | { readonly items: readonly [Item]; readonly error: LoaderError }

/** Items in a row that could not be read alone, before others are tried to see whether the server shows any. Doubles. */
const SUSPICIOUS = 4
/** Items that are tried then. */
const SAMPLE = 4
/** No connection, so nothing that was asked for has to do with it. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'])
/** The same at each attempt, and given by a server that serves. */
const CERTAIN = new Set(['http_too_large', 'http_bad_encoding'])

/**
 * Reads items in batches, in order, one request after the other. A batch that fails is read once more, then halved,
 * down to the item that makes it fail; that one comes as an error of kind `document` (`http_unservable`), and the
 * others are read. For one such item of a batch of 100, this takes at most 13 requests more.
 *
 * Halved is what fails with a 5xx, a time-out, a connection that is cut, an answer that is broken or too large, or an
 * error of `ofOne`. A time-out makes the requests that follow smaller, unless one item alone was its cause.
 *
 * @throws LoaderError as it came, for `auth` and `config`, a 429 that outlasts all patience, and a server that cannot
 * be connected to; that of the probe when the server is down; `http_nothing_served`, transient, when the server
 * answers the probe and shows none of the items.
 */
export async function* readInParts<Item, Result>(
  items: readonly Item[],
  options: ReadInPartsOptions<Item, Result>,
): AsyncGenerator<Part<Item, Result>, void> {
  const { size, health } = options
  const walk: Walk<Item, Result> = { options, rest: [...items], inARow: 0, suspicious: SUSPICIOUS, served: false }
  while (walk.rest.length > 0) {
    health.throwIfDown()
    yield* readPart(walk.rest.splice(0, Math.max(1, Math.min(size, health.mostAtOnce))), walk, true)
  }
}

/** What one call of {@link readInParts} knows. */
interface Walk<Item, Result> {
  readonly options: ReadInPartsOptions<Item, Result>
  /** Not asked for yet. */
  readonly rest: Item[]
  /** Items that could not be read alone, since anything could. */
  inARow: number
  suspicious: number
  /** Something could be read since a batch failed. */
  served: boolean
}

/** Reads a part, halving it where that helps. Returns whether all its items could be read. `first`: it is no half. */
async function* readPart<Item, Result>(
  items: readonly Item[],
  walk: Walk<Item, Result>,
  first: boolean,
): AsyncGenerator<Part<Item, Result>, boolean> {
  const { health, describe } = walk.options
  const [item] = items
  if (item === undefined) return true
  if (items.length > health.mostAtOnce) return yield* readHalves(items, walk)
  const answer = first && items.length > 1 ? await askTwice(items, walk) : await askOnce(items, walk, { retries: retriesOf(items, first), half: !first })
  if (!isLoaderError(answer)) {
    yield { items, result: answer.result }
    return true
  }
  if (items.length === 1) {
    yield { items: [item], error: httpError('http_unservable', { what: describe(item), reason: answer.message }, { cause: answer }) }
    walk.inARow += 1
    if (walk.inARow >= walk.suspicious) yield* trySome(walk, answer)
    return false
  }
  if (answer.code !== 'http_timeout') return yield* readAround(items, walk)
  const whole = yield* readHalves(items, walk)
  // When the halves of it could be read, it was the number of items that took too long, and not one of them.
  if (whole) health.tooSlow(items.length)
  return whole
}

/** Reads items of which one at least makes the request fail: finds the first such one, and asks for the others again. */
async function* readAround<Item, Result>(items: readonly Item[], walk: Walk<Item, Result>): AsyncGenerator<Part<Item, Result>, boolean> {
  walk.served = false
  const found = yield* readToFirst(items, walk)
  const others = yield* readPart(found.rest, walk, false)
  return found.whole && others
}

/**
 * Reads up to the first item that fails, that one included. When the first half can be read, it is in the other one,
 * which need not be asked for as a whole. `rest`: what was not asked for.
 */
async function* readToFirst<Item, Result>(
  items: readonly Item[],
  walk: Walk<Item, Result>,
): AsyncGenerator<Part<Item, Result>, { readonly whole: boolean; readonly rest: readonly Item[] }> {
  if (items.length === 1) return { whole: yield* readPart(items, walk, false), rest: [] }
  const middle = Math.ceil(items.length / 2)
  const left = items.slice(0, middle)
  const right = items.slice(middle)
  if (left.length === 1 || left.length > walk.options.health.mostAtOnce) {
    const whole = yield* readPart(left, walk, false)
    return whole ? yield* readToFirst(right, walk) : { whole, rest: right }
  }
  const answer = await askOnce(left, walk, { retries: 0, half: true })
  if (!isLoaderError(answer)) {
    yield { items: left, result: answer.result }
    return yield* readToFirst(right, walk)
  }
  let { whole, rest } = yield* readToFirst(left, walk)
  // While nothing was shown it is perhaps not one item, so the nearest ones are asked for before all others again.
  if (!walk.served) {
    whole = (yield* readPart(rest, walk, false)) && whole
    rest = []
  }
  if (walk.served) return { whole, rest: [...rest, ...right] }
  whole = (yield* readPart(right, walk, false)) && whole
  return { whole, rest: [] }
}

async function* readHalves<Item, Result>(items: readonly Item[], walk: Walk<Item, Result>): AsyncGenerator<Part<Item, Result>, boolean> {
  const middle = Math.ceil(items.length / 2)
  const left = yield* readPart(items.slice(0, middle), walk, false)
  const right = yield* readPart(items.slice(middle), walk, false)
  return left && right
}

/** A batch has no retries beyond those of `askTwice`; an item that was halved down to has failed several times before. */
function retriesOf(items: readonly unknown[], first: boolean): number | undefined {
  if (items.length > 1) return 0
  return first ? undefined : 1
}

/** Asks for a batch, and once more when the server serves otherwise: what failed may be over. */
async function askTwice<Item, Result>(items: readonly Item[], walk: Walk<Item, Result>): Promise<{ readonly result: Result } | LoaderError> {
  const answer = await askOnce(items, walk, { retries: 0, half: false, again: true })
  const isCertain = (error: LoaderError) => CERTAIN.has(error.code) || error.code === 'http_timeout' || walk.options.certain?.(error) === true
  if (!isLoaderError(answer) || isCertain(answer)) return answer
  return await askOnce(items, walk, { retries: 0, half: true })
}

/** One request. Returns the error where one of the items may be its cause, and throws the others. */
async function askOnce<Item, Result>(
  items: readonly Item[],
  walk: Walk<Item, Result>,
  { retries, half, again = false }: { readonly retries: number | undefined; readonly half: boolean; readonly again?: boolean },
): Promise<{ readonly result: Result } | LoaderError> {
  const { read, health, signal, ofOne } = walk.options
  health.throwIfDown()
  try {
    const result = await read(items, { signal, ...(retries !== undefined && { retries }) })
    health.succeeded(items.length)
    walk.inARow = 0
    walk.served = true
    return { result }
  } catch (error) {
    signal.throwIfAborted()
    if (!isLoaderError(error) || !(ofOne?.(error) === true || mayBeOfOne(error))) throw error
    if (CERTAIN.has(error.code) || ofOne?.(error) === true) health.succeeded(0)
    else await health.failed(signal, half)
    // Where the server cannot be connected to, and yet answers the probe, it was away for a moment.
    if (isNotConnected(error) && !again) throw error
    return error
  }
}

function mayBeOfOne(error: LoaderError): boolean {
  return error.kind === 'document' || (error.kind === 'transient' && !error.rateLimited)
}

/**
 * Several items in a row cannot be read. Reads some of those that were not asked for yet: when the server shows none
 * of them either, it is the server.
 */
async function* trySome<Item, Result>(walk: Walk<Item, Result>, cause: LoaderError): AsyncGenerator<Part<Item, Result>, void> {
  const { rest } = walk
  if (rest.length < SAMPLE) return
  const step = rest.length / SAMPLE
  for (let one = SAMPLE - 1; one >= 0; one -= 1) {
    const at = Math.floor(one * step)
    const items = rest.slice(at, at + 1)
    const answer = await askOnce(items, walk, { retries: 0, half: true })
    if (isLoaderError(answer)) continue
    rest.splice(at, 1)
    walk.suspicious *= 2
    yield { items, result: answer.result }
    return
  }
  throw httpError('http_nothing_served', { reason: cause.message }, { cause })
}

function isNotConnected({ code, cause }: LoaderError): boolean {
  if (code !== 'http_unreachable') return false
  for (let at: unknown = cause; at instanceof Error; at = at instanceof AggregateError ? at.errors[0] : at.cause) {
    if (NOT_CONNECTED.has((at as NodeJS.ErrnoException).code ?? '')) return true
  }
  return false
}
