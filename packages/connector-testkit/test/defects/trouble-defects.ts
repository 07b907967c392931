import { LoaderError } from '@qdrant-loader/connector-sdk'
import { RIGHT } from '../shelf/shelf-connector.ts'
import type { Defects } from './defect.ts'

const BREAKS_OFF = 'throws when a listing breaks off, wherever it breaks off, and the next run makes up for it'
const UNREACHABLE = 'throws a LoaderError with an instruction when the source is unreachable, and deletes nothing'
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
