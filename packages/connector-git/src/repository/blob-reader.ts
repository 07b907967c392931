import { killGit } from '../git/git-process.ts'
import type { Git, GitChild } from '../git/git-process.ts'

interface Waiting {
  readonly blob: string
  readonly resolve: (content: Buffer | undefined) => void
  readonly reject: (error: Error) => void
}

/**
 * Reads blobs through one long-lived `git cat-file --batch`; a process for each would be seventy times slower. Answers
 * come in the order of the questions. A process that died is started again with the next question.
 */
export class BlobReader {
  readonly #git: Git
  readonly #waiting: Waiting[] = []
  #process: GitChild | undefined
  #buffered: Buffer[] = []
  #length = 0
  /** Questions that are written at the end of this turn of the event loop. */
  #unsent = ''
  /** Bytes of the answer that is coming, header and final line break included; undefined before its header. */
  #expected: { readonly header: number; readonly total: number } | undefined

  constructor(git: Git) {
    this.#git = git
  }

  /** The blob's bytes; undefined when the repository has no such blob. @throws Error when git dies twice over it. */
  async read(blob: string): Promise<Buffer | undefined> {
    if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(blob)) return undefined
    return this.#ask(blob).catch(() => this.#ask(blob))
  }

  /** Ends the process. Questions that are open fail. */
  async close(): Promise<void> {
    const child = this.#process
    if (!child) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin.end()
    killGit(child)
    await ended
  }

  #ask(blob: string): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) => {
      this.#process ??= this.#start()
      this.#waiting.push({ blob, resolve, reject })
      this.#unsent += `${blob}\n`
      if (this.#unsent.length === blob.length + 1) setImmediate(() => this.#send())
    })
  }

  /** Questions of one turn go out together: every write to the pipe is a system call that wakes git up. */
  #send(): void {
    const questions = this.#unsent
    this.#unsent = ''
    if (questions !== '') this.#process?.stdin.write(questions)
  }

  #start(): GitChild {
    const child = this.#git.start(['cat-file', '--batch'])
    const output = this.#git.output(child)
    const fail = (error: Error) => {
      if (this.#process !== child) return
      this.#process = undefined
      this.#unsent = ''
      this.#buffered = []
      this.#length = 0
      this.#expected = undefined
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    child.stdin.on('error', () => undefined)
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    child.once('error', fail)
    child.once('close', (code) => fail(new Error(`git cat-file ended with ${code ?? 'a signal'}: ${output.text.trim()}`)))
    return child
  }

  #receive(chunk: Buffer): void {
    this.#buffered.push(chunk)
    this.#length += chunk.length
    while (this.#length > 0) {
      if (this.#expected === undefined && !this.#readHeader()) return
      if (this.#expected === undefined) continue
      const { header, total } = this.#expected
      if (this.#length < total) return
      const data = this.#joined()
      this.#keep(data.subarray(total))
      this.#expected = undefined
      this.#waiting.shift()?.resolve(data.subarray(header, total - 1))
    }
  }

  /** False when the header is not whole yet. */
  #readHeader(): boolean {
    const data = this.#joined()
    const end = data.indexOf(0x0a)
    if (end === -1) return false
    const [, type, size] = data.toString('latin1', 0, end).split(' ')
    if (size === undefined || type !== 'blob') {
      // `<id> missing`, or an object that is no blob: then its content follows.
      const total = size === undefined ? end + 1 : end + 1 + Number(size) + 1
      if (data.length < total) return false
      this.#keep(data.subarray(total))
      this.#waiting.shift()?.resolve(undefined)
      return this.#length > 0
    }
    this.#expected = { header: end + 1, total: end + 1 + Number(size) + 1 }
    return true
  }

  #joined(): Buffer {
    const data = this.#buffered.length === 1 ? (this.#buffered[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#buffered)
    this.#buffered = [data]
    return data
  }

  #keep(rest: Buffer): void {
    this.#buffered = rest.length > 0 ? [rest] : []
    this.#length = rest.length
  }
}
