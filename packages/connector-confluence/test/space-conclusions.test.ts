import type { Change } from '@qdrant-loader/connector-sdk'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { describe, expect, it } from 'vitest'
import { CONCLUSIONS, KNOWN_OF_SPACE, SEEN_OF_SPACE } from '../src/spaces/space-conclusions.ts'
import type { KnownOfSpace, SeenOfSpace } from '../src/spaces/space-conclusions.ts'
import type { ConfluenceCursor } from '../src/cursor.ts'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

const SCOPE = 'OPS'

/** A page of its own keeps the other space readable, so that runs go on whatever is concluded of this one. */
interface Scene {
  readonly stage: Stage
  /** Pages of the space that are held. */
  readonly ids: readonly string[]
}

/** Ways to each state: what runs before have seen. */
const REACHED: Readonly<Record<KnownOfSpace, (scene: Scene) => Promise<void>>> = {
  unread: async ({ stage }) => {
    stage.world.setAccess(SCOPE, 'hidden')
    await stage.sync()
    stage.world.setAccess(SCOPE, 'readable')
  },
  filled: async ({ stage }) => void (await stage.sync()),
  empty: async ({ stage, ids }) => {
    for (const id of ids) stage.world.trash(id)
    await stage.sync()
    for (const id of ids) stage.world.restore(id)
  },
  doubted: async ({ stage }) => {
    await stage.sync()
    stage.world.setAccess(SCOPE, 'empty')
    await stage.sweep()
    stage.world.setAccess(SCOPE, 'readable')
  },
  behind: async ({ stage }) => {
    await stage.sync()
    stage.world.setAccess(SCOPE, 'hidden')
    await stage.sweep()
    stage.world.setAccess(SCOPE, 'readable')
  },
}

/** How the server is met. `listing`: whether everything is listed, or changes are asked for. */
const MET: Readonly<Record<SeenOfSpace, { readonly listing: boolean; readonly make: (scene: Scene) => void }>> = {
  unreadable: { listing: false, make: ({ stage }) => stage.world.setAccess(SCOPE, 'hidden') },
  // Of a space in doubt it is asked whether it shows a page.
  there: { listing: false, make: ({ stage }) => stage.world.setAccess(SCOPE, 'empty') },
  stirs: { listing: false, make: () => undefined },
  pages: { listing: true, make: () => undefined },
  // Data Center cannot tell which page is in the row that no answer shows; on Cloud, the search finds what the listing cannot.
  'in part': {
    listing: true,
    make: ({ stage }) => {
      const { id } = stage.world.createPage({ space: SCOPE, title: 'Broken', parent: null })
      stage.server.broken.add(id, stage.world.deployment === 'cloud' ? { in: ['listing'] } : {})
    },
  },
  elsewhere: { listing: true, make: ({ stage, ids }) => void ids.forEach((id) => stage.world.trash(id)) },
  bare: {
    listing: true,
    make: ({ stage, ids }) => {
      for (const id of ids) (stage.host.documents as Map<string, unknown>).delete(id)
      stage.world.setAccess(SCOPE, 'empty')
    },
  },
  blank: { listing: true, make: ({ stage }) => stage.world.setAccess(SCOPE, 'empty') },
}

/** Nothing is held of a space that was never read, or was empty: it is bare, and neither blank nor elsewhere. */
function canBeMet(known: KnownOfSpace, seen: SeenOfSpace): boolean {
  return !((known === 'unread' || known === 'empty') && (seen === 'elsewhere' || seen === 'blank'))
}

/** The changes of one detection; nothing is read beside it. */
async function detected(stage: Stage, listingDue: boolean): Promise<Change<ConfluenceCursor>[]> {
  const { source } = await stage.host.open()
  const changes: Change<ConfluenceCursor>[] = []
  const request = { mode: 'incremental', since: stage.host.cursor as ConfluenceCursor, listingDue, known: stage.host.known } as const
  for await (const change of source.detector.detect(request, new AbortController().signal)) changes.push(change)
  await source.close(undefined)
  return changes
}

async function meet(deployment: 'cloud' | 'datacenter', known: KnownOfSpace, seen: SeenOfSpace) {
  const stage = await Stage.open(deployment, { space_key: ['DEV', SCOPE], content_types: 'page' })
  stage.page('Here', '<p>here</p>')
  stage.world.createSpace({ key: SCOPE, homepage: false })
  const ids = ['One', 'Two'].map((title) => stage.world.createPage({ space: SCOPE, title, parent: null, body: `<p>${title}</p>` }).id)
  const scene = { stage, ids }
  await REACHED[known](scene)
  stage.clock.now += 2 * HOUR
  expect((stage.host.cursor as ConfluenceCursor).spaces[SCOPE]).toBe(known)
  MET[seen].make(scene)
  const changes = await detected(stage, MET[seen].listing)
  const last = changes.at(-1)
  if (last?.kind !== 'complete') throw new Error('it did not end')
  return { stage, changes, last }
}

describe.each(DEPLOYMENTS)('%s: C12: what is known of a space × what was seen of it', (deployment) => {
  const cells = KNOWN_OF_SPACE.flatMap((known) => SEEN_OF_SPACE.filter((seen) => canBeMet(known, seen)).map((seen) => [known, seen] as const))

  it.each(cells)('%s × %s', async (known, seen) => {
    const { stage, changes, last } = await meet(deployment, known, seen)
    await using _stage = stage
    const conclusion = CONCLUSIONS[known][seen]
    if (conclusion.is === 'to list') {
      // A listing was made instead, and says more.
      expect(last.listing).not.toBe('changes')
      expect(last.cursor.spaces[SCOPE]).not.toBe(known)
      return
    }
    expect(last.cursor.spaces[SCOPE]).toBe(conclusion.known)
    if (last.listing !== 'changes') expect(last.listing.everythingIn.includes(SCOPE)).toBe(conclusion.is === 'vouched')
    const problem = conclusion.is === 'left out' ? conclusion.problem : undefined
    const said = { unreadable: 'may not see its pages', 'shows nothing': 'shows none of its pages' }
    expect((last.unreadable ?? []).map(({ message }) => message)).toEqual(problem === undefined ? [] : [expect.stringContaining(said[problem])])
    if (conclusion.is === 'left out') expect(changes.filter(({ kind }) => kind === 'delete')).toEqual([])
  })

  it('when nothing can be said of any space, that is an error, and deletes nothing', async () => {
    await using stage = await Stage.open(deployment)
    stage.page('Here', '<p>here</p>')
    await stage.sync()
    stage.world.setAccess('DEV', 'empty')
    const error = await stage.sweep().then(() => undefined, (reason: unknown) => reason)
    expect(isLoaderError(error) && error.code).toBe('confluence_space_unreadable')
    expect(stage.host.texts.size).toBe(1)
  })
})

it('C12: nothing that is left out or has to be listed first is ever vouched for, and a space that showed pages is never empty for want of what is held', () => {
  for (const known of KNOWN_OF_SPACE) {
    for (const seen of ['unreadable', 'blank', 'in part'] as const) expect(CONCLUSIONS[known][seen].is).toBe('left out')
    expect(CONCLUSIONS[known].pages).toEqual({ is: 'vouched', known: 'filled' })
  }
  for (const known of ['filled', 'doubted', 'behind'] as const) expect(CONCLUSIONS[known].bare).toMatchObject({ is: 'left out', known: 'doubted' })
})
