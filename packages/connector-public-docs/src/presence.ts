import type { Presence } from '@qdrant-loader/connector-sdk'
import type { RunMemory } from './crawl/run-memory.ts'
import type { Reading } from './site/page-reader.ts'
import type { Site } from './site/site.ts'
import { cleanUrl } from './site/url-form.ts'

const WIDTH = 8

/** What answering needs. */
export interface JudgeDeps {
  readonly site: Site
  readonly memory: RunMemory
}

/** Says of each id what the crawl of this run saw, and asks the site about the rest. */
export async function judgePages(ids: readonly string[], deps: JudgeDeps, signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
  signal.throwIfAborted()
  const answers = new Map<string, Presence>()
  const waiting = ids.filter((id) => {
    const seen = seenBefore(id, deps.memory)
    if (seen !== undefined) answers.set(id, seen)
    return seen === undefined
  })
  const workers = Array.from({ length: Math.min(WIDTH, waiting.length) }, async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) answers.set(id, await asked(id, deps, signal))
  })
  await Promise.all(workers)
  return answers
}

function seenBefore(id: string, { verdicts, failures, crawled }: RunMemory): Presence | undefined {
  if (failures.has(id)) return 'unknown'
  const verdict = verdicts.get(id)
  if (verdict !== undefined || crawled === undefined) return verdict
  const { frontier } = crawled
  switch (frontier.stateOf(id)) {
    case 'document':
      return 'present'
    case 'gone':
      return 'deleted'
    case 'elsewhere':
      return 'out-of-scope'
    case 'redirect':
    case 'duplicate':
      return frontier.stateOf(frontier.leadOf(id)) === 'document' ? 'deleted' : 'unknown'
    // Linked, and not there: a second run confirms it.
    case 'missing':
    case 'refused':
    case 'failed':
      return 'unknown'
    default:
      return undefined
  }
}

async function asked(id: string, { site, memory }: JudgeDeps, signal: AbortSignal): Promise<Presence> {
  const url = cleanUrl(id)
  if (url === undefined) return 'out-of-scope'
  const isStart = site.isStart(id)
  const robots = await site.robots(signal)
  if (!isStart && (!site.scope.follows(url) || !robots.allows(url))) return 'out-of-scope'
  const reading = isStart ? await site.readAsIs(site.scope.start, undefined, signal) : await site.read(url, undefined, signal)
  return presenceOf(reading, memory.crawled?.complete)
}

/** @param complete whether a crawl of this run saw everything and not this; undefined when there was no crawl. */
function presenceOf(reading: Reading, complete: boolean | undefined): Presence {
  switch (reading.kind) {
    case 'page':
    case 'unchanged':
      return complete === undefined ? 'present' : complete ? 'out-of-scope' : 'unknown'
    case 'missing':
      return complete === true ? 'deleted' : 'unknown'
    case 'gone':
    case 'moved':
      return 'deleted'
    case 'elsewhere':
      return 'out-of-scope'
    case 'refused':
    case 'failed':
      return 'unknown'
  }
}
