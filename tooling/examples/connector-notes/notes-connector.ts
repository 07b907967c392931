import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineConnector, errorsOf } from '@qdrant-loader/connector-sdk'
import type { ConnectorContext, Detection, DocumentStub, OpenedSource, Presence } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

const NotesConfig = z.strictObject({
  folder: z.string().min(1).describe('Folder of Markdown files, relative to the configuration file.'),
})
type NotesConfig = z.output<typeof NotesConfig>

/** Every detection lists the whole folder, so the cursor has nothing to remember. */
const NotesCursor = z.strictObject({ version: z.literal(1) })
type NotesCursor = z.output<typeof NotesCursor>

/** One folder is listed as a whole, so it is one scope. */
const SCOPE = 'folder'

/** Raise it whenever the same file would give another text or title: every document is then read again. */
const EXTRACTION_VERSION = 1

/** Everything that goes wrong, by code. A missing value, or one too many, does not compile. */
const notesError = errorsOf({
  notes_folder_unreadable: {
    kind: 'config',
    message: 'The folder {folder} cannot be read.',
    hint: 'Check `folder` and its permissions. Nothing was deleted.',
  },
})

export const connector = defineConnector<NotesConfig, NotesCursor>({
  apiVersion: 1,
  type: 'notes',
  configSchema: NotesConfig,
  cursorSchema: NotesCursor,
  capabilities: { identity: 'location', judges: true, reportsDeletions: false },
  fingerprints: () => ({ selection: null, extraction: { version: EXTRACTION_VERSION } }),
  open,
})

async function open(config: NotesConfig, context: ConnectorContext): Promise<OpenedSource<NotesCursor>> {
  const folder = resolve(context.configDirectory, config.folder)

  async function* detect(signal: AbortSignal): Detection<NotesCursor> {
    for (const path of await listed()) {
      signal.throwIfAborted()
      const stub = await stubOf(path)
      if (stub !== undefined) yield { kind: 'upsert', stub }
    }
    signal.throwIfAborted()
    // Only a listing that was not cut short gets here; one that was has thrown.
    yield { kind: 'complete', cursor: { version: 1 }, listing: { everythingIn: [SCOPE], configured: [SCOPE] } }
  }

  async function judge(ids: readonly string[]): Promise<ReadonlyMap<string, Presence>> {
    const present = new Set((await listed()).map(idOf))
    return new Map(ids.map((id): [string, Presence] => [id, present.has(id) ? 'present' : 'deleted']))
  }

  async function listed(): Promise<string[]> {
    context.count('source')
    try {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      return files.map((entry) => join(entry.parentPath, entry.name))
    } catch (cause) {
      throw notesError('notes_folder_unreadable', { folder }, { cause })
    }
  }

  /** Undefined when the file went away since it was listed. */
  async function stubOf(path: string): Promise<DocumentStub | undefined> {
    const found = await stat(path, { bigint: true }).catch(goneIsUndefined)
    if (found === undefined) return undefined
    const id = idOf(path)
    // The time is a version and nothing else: a copy of the folder has other times, and must give the same payloads.
    const contentVersion = `${found.mtimeNs}-${found.size}`
    return { id, scope: SCOPE, contentVersion, location: { url: pathToFileURL(path).href, path: id } }
  }

  function idOf(path: string): string {
    return relative(folder, path).split(sep).join('/')
  }

  return {
    detector: { detect: (_request, signal) => detect(signal), judge },
    reader: {
      async read({ id }, signal) {
        signal.throwIfAborted()
        const path = join(folder, id)
        // The version is read before the text: a file that changes in between is read again by the next run.
        const stub = await stubOf(path)
        const text = stub && (await readFile(path, { encoding: 'utf8', signal }).catch(goneIsUndefined))
        if (stub === undefined || text === undefined) {
          await listed()
          return 'gone'
        }
        context.count('content')
        const title = /^# (.+)$/m.exec(text)?.[1]
        return {
          stub,
          text,
          format: 'markdown',
          contentType: 'text/markdown',
          ...(title !== undefined && { title }),
          ...(text.trim() === '' && { skipped: 'empty' }),
        }
      },
    },
    check: async () => `${folder} has ${(await listed()).length} notes`,
    close: async () => {},
  }
}

function goneIsUndefined(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
  return undefined
}
