import type { ContentReader, DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import type { IssueReader, WholeIssues } from './api/issue-reader.ts'
import type { JiraSource } from './source/jira-source.ts'

interface Waiting {
  readonly id: string
  readonly signal: AbortSignal
  readonly answer: PromiseWithResolvers<WholeIssues>
}

/** Reads single issues. Those that are asked for at the same time are read with one request. */
export class JiraContentReader implements ContentReader {
  readonly #source: JiraSource
  readonly #reader: IssueReader
  #waiting: Waiting[] = []

  constructor(source: JiraSource, reader: IssueReader) {
    this.#source = source
    this.#reader = reader
  }

  async read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    signal.throwIfAborted()
    if (!/^\d+$/.test(stub.id)) return 'gone'
    await this.#source.reading(signal)
    const { read, failed } = await this.#ask(stub.id, signal)
    signal.throwIfAborted()
    const error = failed.get(stub.id)
    if (error !== undefined) throw error
    const whole = read.get(stub.id)
    return (whole && (await this.#source.documentsOf([whole], signal)).get(stub.id)) ?? 'gone'
  }

  #ask(id: string, signal: AbortSignal): Promise<WholeIssues> {
    const answer = Promise.withResolvers<WholeIssues>()
    this.#waiting.push({ id, signal, answer })
    if (this.#waiting.length === 1) setImmediate(() => void this.#flush())
    return answer.promise
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    // All of a run share one signal in effect; a caller that gives up alone throws for itself.
    const signal = waiting.length === 1 ? waiting[0]?.signal : anyAborted(waiting)
    try {
      const { extraFields } = await this.#source.reading(signal ?? new AbortController().signal)
      const whole = await this.#reader.read([...new Set(waiting.map(({ id }) => id))], extraFields, signal ?? new AbortController().signal)
      for (const { answer } of waiting) answer.resolve(whole)
    } catch (error) {
      for (const { answer } of waiting) answer.reject(error)
    }
  }
}

/** Aborted when nobody waits any more. */
function anyAborted(waiting: readonly Waiting[]): AbortSignal {
  const together = new AbortController()
  let left = waiting.length
  for (const { signal } of waiting) {
    signal.addEventListener('abort', () => {
      left -= 1
      if (left === 0) together.abort(signal.reason)
    }, { once: true })
  }
  return together.signal
}
