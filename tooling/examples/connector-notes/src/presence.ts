import type { Presence } from '@qdrant-loader/connector-sdk'
import type { NotesFolder } from './notes-folder.ts'

/** Which of these notes are there. A folder that cannot be listed throws: what could not be asked is not gone. */
export async function presenceOf(ids: readonly string[], folder: NotesFolder): Promise<ReadonlyMap<string, Presence>> {
  const there = new Set(await folder.list())
  return new Map(ids.map((id): [string, Presence] => [id, there.has(id) ? 'present' : 'deleted']))
}
