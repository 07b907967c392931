import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import { ShelfTrouble } from '../shelf/shelf.ts'
import { RIGHT } from '../shelf/shelf-connector.ts'
import type { Defects } from './defect.ts'

const BREAKS_OFF = 'throws when a listing breaks off, wherever it breaks off, and the next run makes up for it'
const UNREACHABLE = 'throws a LoaderError with an instruction when the source is unreachable, and deletes nothing'
const REFUSED = 'throws an error of kind `auth` with an instruction when its credentials are refused, and deletes nothing'
const ENDS = 'gets to an end where a listing leads back to where it was'
const NOT_GONE = 'calls nothing gone that it could not ask about'
const ONE_BROKEN = 'fails for a document that cannot be read, and for no other'
const GIVES_UP = 'gives up when it is told to, also while the source does not answer'
const SECRETS = 'keeps its secrets to itself'

export const troubleDefects: Defects = {
  'takes an error for the end of a listing': {
    law: BREAKS_OFF,
    parts: {
      async *pages(source, since, signal) {
        let shown = 0
        try {
          for await (const page of RIGHT.pages(source, since, signal)) {
            shown += 1
            yield page
          }
        } catch (error) {
          // An outage from the start is said.
          if (shown === 0) throw error
        }
      },
    },
  },
  'vouches for a shelf that it calls unreadable': {
    law: 'vouches for no scope that it could not read',
    parts: {
      async *detect(source, parts, request, signal) {
        try {
          yield* RIGHT.detect(source, parts, request, signal)
        } catch (error) {
          if (!isLoaderError(error) || error.kind !== 'transient' || signal.aborted) throw error
          const { code, message, hint } = error
          const unreadable = [{ scope: 'shelf', code, kind: error.kind, message, hint }]
          yield { kind: 'complete', cursor: { asOf: 0 }, listing: { everythingIn: ['shelf'], configured: ['shelf'] }, unreadable }
        }
      },
    },
  },
  'says that nothing changed when it cannot see': {
    law: UNREACHABLE,
    parts: {
      async *detect(source, parts, request, signal) {
        try {
          yield* RIGHT.detect(source, parts, request, signal)
        } catch (error) {
          if (request.mode === 'full') throw error
          yield { kind: 'complete', cursor: request.since, listing: 'changes' }
        }
      },
    },
  },
  'says what happened and not what to do': {
    law: UNREACHABLE,
    parts: { errorOf: ({ message }, { context }) => new LoaderError({ code: 'shelf_unreachable', kind: 'transient', message: context.redact(message), hint: '' }) },
  },
  'throws what its library throws': {
    law: UNREACHABLE,
    parts: { errorOf: (_, { context }) => new TypeError(context.redact('fetch failed')) },
  },
  'repeats what the server says, with the token in it': {
    law: UNREACHABLE,
    parts: { errorOf: ({ message }) => new LoaderError({ code: 'shelf_unreachable', kind: 'transient', message, hint: 'Check the shelf.' }) },
  },
  'takes a refusal for an outage': {
    law: REFUSED,
    parts: { errorOf: ({ message }, source) => RIGHT.errorOf(new ShelfTrouble('down', message), source) },
  },
  'takes a refusal for an empty shelf': {
    law: REFUSED,
    parts: {
      async *pages(source, since, signal) {
        try {
          yield* RIGHT.pages(source, since, signal)
        } catch (error) {
          if (!isLoaderError(error) || error.kind !== 'auth') throw error
          yield { rows: [], next: undefined, asOf: source.context.now() }
        }
      },
    },
  },
  'follows every link': {
    law: ENDS,
    parts: {
      async *pages({ shelf, ask }, since, signal) {
        let from: string | undefined
        do {
          const page = await ask(() => shelf.list(since, from, signal), signal)
          yield page
          from = page.next
        } while (from !== undefined)
      },
    },
  },
  'judges gone what it could not ask about': {
    law: NOT_GONE,
    parts: { judge: async (source, ids, signal) => (await RIGHT.judge?.(source, ids, signal).catch(() => undefined)) ?? new Map(ids.map((id) => [id, 'deleted'])) },
  },
  'calls gone what it could not read': {
    law: NOT_GONE,
    parts: { read: (source, parts, stub, signal) => RIGHT.read(source, parts, stub, signal).catch(() => 'gone') },
  },
  'reads a broken page as an empty one': {
    law: ONE_BROKEN,
    parts: {
      read: (source, parts, stub, signal) =>
        RIGHT.read(source, parts, stub, signal).catch((error: unknown) => {
          if (!isLoaderError(error) || error.kind !== 'document') throw error
          return { stub, text: '', format: 'markdown', contentType: 'text/markdown' }
        }),
    },
  },
  'lets a broken page stop everything': {
    law: ONE_BROKEN,
    parts: {
      errorOf: (trouble, source) =>
        trouble.kind === 'spoiled' ? new LoaderError({ code: 'shelf_broken', kind: 'config', message: trouble.message, hint: 'Take the page out.' }) : RIGHT.errorOf(trouble, source),
    },
  },
  'lists without looking at the signal': {
    law: GIVES_UP,
    parts: { pages: (source, since) => RIGHT.pages(source, since, new AbortController().signal) },
  },
  'looks at the signal before it reads and not while it waits': {
    law: GIVES_UP,
    parts: {
      read(source, parts, stub, signal) {
        signal.throwIfAborted()
        return RIGHT.read(source, parts, stub, new AbortController().signal)
      },
    },
  },
  'puts its token into the URLs of documents': {
    law: SECRETS,
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), location: { url: `https://${source.config.token}@shelf.example/${row.id}` } }) },
  },
  'writes its token into the log': {
    law: SECRETS,
    parts: {
      detect(source, parts, request, signal) {
        source.context.logger.debug('asking', { authorization: `Bearer ${source.config.token}` })
        return RIGHT.detect(source, parts, request, signal)
      },
    },
  },
}
