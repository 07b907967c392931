import type { ChangeDetector, Detection } from '@qdrant-loader/connector-sdk'
import type { NotesCursor } from './cursor.ts'
import type { NotesFolder } from './notes-folder.ts'
import { presenceOf } from './presence.ts'
import { SCOPE, stubOf } from './stub.ts'

/** Lists everything each time, which is the simplest detector that is right: the host reads only what has another version. */
export function changeDetector(folder: NotesFolder): ChangeDetector<NotesCursor> {
  return {
    detect: (_request, signal) => detect(folder, signal),
    judge: (ids) => presenceOf(ids, folder),
  }
}

async function* detect(folder: NotesFolder, signal: AbortSignal): Detection<NotesCursor> {
  for (const id of await folder.list()) {
    signal.throwIfAborted()
    const stub = await stubOf(id, folder)
    if (stub !== undefined) yield { kind: 'upsert', stub }
  }
  signal.throwIfAborted()
  // Only a listing that was not cut short gets here; one that was has thrown.
  yield { kind: 'complete', cursor: { version: 1 }, listing: { everythingIn: [SCOPE], configured: [SCOPE] } }
}
