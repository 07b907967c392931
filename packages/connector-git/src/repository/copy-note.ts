import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const NAME = 'qdrant-loader.json'
/** Refs that no source has asked for since are no longer brought along. */
const FORGET_AFTER_MS = 14 * 24 * 60 * 60 * 1_000

const Wish = z.object({
  /** The full name on the remote, once it is known. */
  full: z.string(),
  /** Candidates that come before it and were not there. */
  earlier: z.array(z.string()),
  usedAt: z.number(),
})

const Note = z.object({
  version: z.literal(1),
  /** Where a local source's own history is cut off; empty for a whole one, and for remotes. */
  source: z.string(),
  /** False until the whole history is there: a first fetch goes in steps, and a later run goes on with them. */
  complete: z.boolean(),
  /** How many commits the next step of an incomplete history goes back. */
  step: z.number().int().positive(),
  /** A step that did not arrive: the next ones stay below it. */
  tooLarge: z.number().int().positive().nullable(),
  /** The remote gives commits without the files in them, which are fetched when they are selected. */
  partial: z.boolean(),
  /** Something in the copy cannot be read: the next run makes a new one. */
  damaged: z.boolean(),
  /** What sources read, by key, and how it is called on the remote. */
  wishes: z.record(z.string(), Wish),
  /** The run that fetched last, and the keys that it brought. */
  run: z.string().nullable(),
  fetched: z.array(z.string()),
})

/** What is remembered of a kept copy, in a file inside it. */
export type CopyNote = z.output<typeof Note>
/** How one wanted ref is called on the remote. */
export type Wish = z.output<typeof Wish>

/** The note of a copy that was just begun. */
export function newNote(source: string, partial: boolean): CopyNote {
  return { version: 1, source, complete: false, step: 100, tooLarge: null, partial, damaged: false, wishes: {}, run: null, fetched: [] }
}

/** Undefined when there is no copy, or none that this version can read. */
export async function readNote(directory: string): Promise<CopyNote | undefined> {
  const text = await readFile(join(directory, NAME), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return Note.parse(JSON.parse(text))
  } catch {
    // Half written by a machine that lost power, or by another version: the copy is made again.
    return undefined
  }
}

/** Replaces the note as a whole. */
export async function writeNote(directory: string, note: CopyNote): Promise<void> {
  const draft = join(directory, `${NAME}.new`)
  await writeFile(draft, JSON.stringify(note), { mode: 0o600 })
  await rename(draft, join(directory, NAME))
}

/** The wishes that are fetched along: those of sources that still ask for them. */
export function currentWishes(note: CopyNote, now: number): [string, Wish][] {
  return Object.entries(note.wishes).filter(([, { usedAt }]) => now - usedAt < FORGET_AFTER_MS)
}
