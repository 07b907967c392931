import { PAUSE_HEADERS } from '@qdrant-loader/connector-sdk'

/** What matters of one answer of an http server. */
export interface HttpAnswer {
  readonly status: number
  /** Without parameters, in lower case; empty when the server named none. */
  readonly contentType: string
  /** What the server says of its clock and of a pause, by names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** The beginning of the body, where bodies were listened to. */
  readonly body: string
}

const BODY_KEPT = 8_000
/** A trace shows what comes over the line: the frame of a chunk as its length between dots, which stand for line ends. */
const FRAME_BEFORE = /^[0-9a-f]{1,8}\.\./i
const FRAME_AFTER = /(?:\.\.)?(?:0\.\.\.\.)?$/
const RECEIVED = /<= recv (header|data)[^:<]*: (.*)/i

type Writable = { -readonly [Key in keyof HttpAnswer]: HttpAnswer[Key] } & { readonly headers: Map<string, string> }

const KEPT = new Set(PAUSE_HEADERS)

/** Reads what git writes of its conversations under `GIT_TRACE_CURL`. Of headers, only the ones above are looked at. */
export class HttpTrace {
  #rest = ''
  /** The next line of data begins what came together. */
  #begins = false
  readonly #answers: (Writable & { chunked: boolean })[] = []

  /** Answers in order; interim ones (1xx) are left out. */
  get answers(): readonly HttpAnswer[] {
    return this.#answers
      .filter(({ status }) => status >= 200)
      .map(({ chunked, body, ...answer }) => ({ ...answer, body: chunked ? body.replace(FRAME_AFTER, '') : body }))
  }

  take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = (lines.pop() ?? '').slice(-BODY_KEPT)
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    const [, what = '', said = ''] = RECEIVED.exec(line) ?? []
    const answer = this.#answers.at(-1)
    if (what === '' && /<= recv data, /i.test(line)) {
      this.#begins = true
      return
    }
    if (what.toLowerCase() === 'data') {
      if (answer === undefined || answer.body.length >= BODY_KEPT) return
      // Rows of so many characters, which are no lines of the body: a word may go over their end.
      answer.body += answer.chunked && this.#begins ? said.replace(FRAME_BEFORE, '') : said
      this.#begins = false
      return
    }
    const status = /^HTTP\/[\d.]+ (\d{3})/.exec(said)?.[1]
    if (status !== undefined) this.#answers.push({ status: Number(status), contentType: '', headers: new Map(), body: '', chunked: false })
    if (answer === undefined) return
    const colon = said.indexOf(':')
    const name = said.slice(0, Math.max(colon, 0)).toLowerCase()
    const value = said.slice(colon + 1).trim()
    if (name === 'content-type') answer.contentType = (value.split(';', 1)[0] ?? '').trim().toLowerCase()
    if (KEPT.has(name)) answer.headers.set(name, value)
    if (name === 'transfer-encoding') answer.chunked = value.toLowerCase().includes('chunked')
  }
}
