import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** A stream that text is written to: `process.stdout`, or any `Writable`. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }

/** Standard output, or standard error. A reader that went away (`| head`) is no error: what follows is dropped. */
export interface StandardOutput {
  readonly stream: OutputStream
  /** Aborted when nobody reads any more, so that a command that only prints can stop. */
  readonly readerLeft: AbortSignal
  /** Resolves when the stream takes more. */
  write(text: string): Promise<void>
  /** Resolves when everything was handed to the operating system. */
  flush(): Promise<void>
}

/** Wraps a stream. Errors other than a closed pipe go to `onError` (a full disk behind `> file`). */
export function createStandardOutput(stream: OutputStream, onError: (error: Error) => void): StandardOutput {
  const readerLeft = new AbortController()
  stream.on('error', (error: NodeJS.ErrnoException) => {
    readerLeft.abort(error)
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') onError(error)
  })

  return {
    stream,
    readerLeft: readerLeft.signal,
    async write(text) {
      if (text === '' || readerLeft.signal.aborted || stream.write(text)) return
      try {
        await once(stream, 'drain', { signal: readerLeft.signal })
      } catch (error) {
        if (!readerLeft.signal.aborted) throw error
      }
    },
    async flush() {
      if (readerLeft.signal.aborted) return
      await new Promise<void>((resolve) => {
        readerLeft.signal.addEventListener('abort', () => resolve(), { once: true })
        stream.write('', () => resolve())
      })
    },
  }
}
