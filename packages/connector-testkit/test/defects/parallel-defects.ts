import type { Shelf } from '../shelf/shelf.ts'
import { RIGHT } from '../shelf/shelf-connector.ts'
import type { Defects } from './defect.ts'

/** What defective connectors share between calls that go on at once. */
let wanted = ''
const places = new WeakMap<Shelf, { from: string | undefined }>()

export const parallelDefects: Defects = {
  'remembers what it reads in one place': {
    law: 'reads several documents at once',
    parts: {
      async read(source, parts, stub, signal) {
        wanted = stub.id
        await source.ask(() => source.shelf.has([Number(stub.id)], signal), signal)
        return RIGHT.read(source, parts, { ...stub, id: wanted }, signal)
      },
    },
  },
  'remembers where it is in one place': {
    law: 'may be opened twice at once',
    parts: {
      async *pages({ shelf, ask }, since, signal) {
        const place = places.get(shelf) ?? { from: undefined }
        places.set(shelf, place)
        place.from = undefined
        do {
          const page = await ask(() => shelf.list(since, place.from, signal), signal)
          place.from = page.next
          yield page
        } while (place.from !== undefined)
      },
    },
  },
}
