import { type Answer, type RoutedCall, SimulatedServer } from '@qdrant-loader/simulators'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.xhtml': 'application/xhtml+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
}

/** What a server was asked for since the last look. */
export interface ServedRequests {
  readonly requests: number
  /** Answered with 304. */
  readonly unchanged: number
  readonly bodies: number
}

/**
 * Serves a folder of files as a static web server does: index files, a redirect to the slash of a folder, and ETags that
 * are hashes of the bytes. With `copies`, the folder stands that often below `/1/`, `/2/`, …
 */
export class ManualServer extends SimulatedServer<undefined, object> {
  /** The folder that is served; another release may take its place at any time. */
  folder: string
  readonly copies: number

  private constructor(folder: string, copies: number) {
    super({ counters: {}, announcesLength: true })
    this.folder = folder
    this.copies = copies
  }

  static start(folder: string, copies: number): Promise<ManualServer> {
    return new ManualServer(folder, copies).listen()
  }

  override get url(): string {
    return `${this.origin}/`
  }

  /** The counts since the last call. */
  taken(): ServedRequests {
    const count = (wanted: number): number => this.seen.filter(({ status }) => status === wanted).length
    const served = { requests: this.seen.length, unchanged: count(304), bodies: count(200) }
    this.resetCounters()
    return served
  }

  protected answer({ request, url }: RoutedCall<undefined, never>): Answer {
    const path = normalize(decodeURIComponent(url.pathname))
    const asked = request.headers['if-none-match']
    if (this.copies > 1 && path === '/') return fresh(asked, Buffer.from(this.#contents()), 'text/html')
    const file = join(this.folder, this.copies > 1 ? path.replace(/^\/\d+(?=\/)/, '') : path)
    if (!existsSync(file)) return this.refused(404, 'not found')
    if (!statSync(file).isDirectory()) return fresh(asked, readFileSync(file), TYPES[extname(file)] ?? 'application/octet-stream')
    if (!path.endsWith('/')) return { status: 301, body: '', headers: { location: `${path}/` } }
    const index = join(file, 'index.html')
    return existsSync(index) ? fresh(asked, readFileSync(index), 'text/html') : this.refused(404, '')
  }

  protected refused(status: number, body: string): Answer {
    return { status, body, contentType: 'text/plain' }
  }

  #contents(): string {
    const links = Array.from({ length: this.copies }, (_, copy) => `<li><a href="/${copy + 1}/">Copy ${copy + 1}</a></li>`)
    return `<!doctype html><title>Copies</title><main><h1>Copies of a manual</h1><ul>${links.join('')}</ul></main>`
  }
}

function fresh(asked: string | undefined, body: Buffer, contentType: string): Answer {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 24)}"`
  return asked === etag ? { status: 304, headers: { etag }, body: '' } : { status: 200, contentType, headers: { etag }, body }
}
