import { expect, it } from 'vitest'
import type { Change, ConnectorPlugin, DocumentStub } from '@qdrant-loader/connector-sdk'
import { expectDeclaredAbsence } from '../declared-absence.ts'
import { expectCleanBuild, expectWorld, visible } from '../expectations.ts'
import { metadataVersion } from '../memory-run.ts'
import type { Play, Stage } from '../stage.ts'
import type { World } from '../world.ts'

/** Three documents to start with. */
export async function writeThree(world: World): Promise<void> {
  await world.write('alpha', '# Alpha\n\nThe first text.\n')
  await world.write('guide/beta', '# Beta\n\nThe second text.\n')
  await world.write('gamma', '# Gamma\n\nThe third text, with «signs» — and 漢字.\n')
}

/** The id of a document that the world made under a name: the one that `write` adds. */
export async function writtenId<Config, Cursor>(stage: Stage<Config, Cursor>, name: string, text: string): Promise<string> {
  const before = await stage.world.documents()
  await stage.change(async (world) => world.write(name, text))
  const added = [...(await stage.world.documents()).keys()].filter((id) => !before.has(id))
  const [id] = added
  if (id === undefined || added.length > 1) throw new Error(`the world made ${added.length} documents of "${name}"`)
  return id
}

/** What a detection names, and what a sync of it comes to. */
export function detectionLaws<Config, Cursor>(plugin: ConnectorPlugin<Config, Cursor>, play: Play<Config, Cursor>): void {
  it('is fine with a source that holds nothing', () =>
    play(async (stage) => {
      await stage.host.sync()
      await expectWorld(stage.host, stage)
    }))

  it('builds the world from nothing, and vouches for the scopes it listed', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      const { changes, listing } = await stage.host.sync()
      await expectWorld(stage.host, stage)
      expect(changes.filter(({ kind }) => kind === 'complete')).toHaveLength(1)
      expect(changes.at(-1)?.kind).toBe('complete')
      if (listing === undefined || listing === 'changes') throw new Error('a full detection vouches for its scopes')
      for (const stub of stubsOf(changes)) expect(listing.everythingIn).toContain(stub.scope)
      for (const scope of listing.everythingIn) expect(listing.configured).toContain(scope)
    }))

  it('gives the same ids, versions and values to everybody', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      const [one, other] = [stage.fresh(), stage.fresh()]
      await one.sync()
      await other.sync()
      expect(visible(one)).toEqual(visible(other))
    }))

  it('reads nothing when nothing changed', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const before = visible(stage.host)
      for (const listingDue of [false, true]) {
        const again = await stage.host.sync({ listingDue })
        expect(again).toMatchObject({ loaded: [], described: [], moved: [], deleted: [] })
        expect(again.requests.content).toBe(0)
      }
      expect(visible(stage.host)).toEqual(before)
    }))

  it('lists everything when a listing is due', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.write('delta', '# Delta\n\nNew.\n'))
      const { changes, listing } = await stage.host.sync({ listingDue: true })
      expect(listing).not.toBe('changes')
      const named = new Set(stubsOf(changes).map(({ id }) => id))
      expect([...named].toSorted()).toEqual([...stage.host.documents.keys()].toSorted())
      await expectCleanBuild(stage.host, stage)
    }))

  it('reads only what was edited or added', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nThe first text, edited.\n'))
      const id = await writtenId(stage, 'delta', '# Delta\n\nNew.\n')
      const { loaded } = await stage.host.sync()
      expect(new Set(loaded).size).toBe(2)
      expect(loaded).toContain(id)
      await expectCleanBuild(stage.host, stage)
    }))

  it('removes what was removed, by itself or by a listing, as it says', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      const id = await writtenId(stage, 'delta', '# Delta\n\nSoon gone.\n')
      await stage.host.sync()
      await stage.change(async (world) => world.remove('delta'))
      const { deleted } = await stage.host.sync()
      if (plugin.capabilities.reportsDeletions) expect(deleted).toEqual([id])
      // Without a judgement, absence counts when a second listing confirms it.
      await stage.host.sync({ listingDue: true })
      await stage.host.sync({ listingDue: true })
      await expectCleanBuild(stage.host, stage)
    }))

  it('brings back what comes back', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.remove('gamma'))
      await stage.host.sync()
      await stage.change(async (world) => world.write('gamma', '# Gamma\n\nBack again.\n'))
      await stage.host.sync()
      await stage.host.sync({ listingDue: true })
      await stage.host.sync({ listingDue: true })
      await expectCleanBuild(stage.host, stage)
    }))

  it('follows a renamed document without reading it', () =>
    play(async (stage) => {
      const { world, host } = stage
      if (!world.rename) return expectDeclaredAbsence(world, 'rename')
      await stage.change(writeThree)
      const before = [...(await world.documents()).keys()]
      await host.sync()
      await stage.change(async (changed) => changed.rename?.('gamma', 'guide/renamed'))
      const added = [...(await world.documents()).keys()].filter((id) => !before.includes(id))
      const { loaded, moved } = await host.sync()
      expect(loaded).toEqual([])
      expect(moved).toEqual(plugin.capabilities.identity === 'location' ? added : [])
      expect(added).toHaveLength(plugin.capabilities.identity === 'location' ? 1 : 0)
      await expectCleanBuild(host, stage)
    }))

  it('describes a document anew without reading it', () =>
    play(async (stage) => {
      if (!stage.world.touch) return expectDeclaredAbsence(stage.world, 'touch')
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.touch?.('alpha'))
      const { loaded, described } = await stage.host.sync()
      expect(loaded).toEqual([])
      expect(described).toHaveLength(1)
      await expectCleanBuild(stage.host, stage)
    }))

  it('changes the metadata version with the described values, and only with them', () =>
    play(async (stage) => {
      const versions = new Map<string, string>()
      const look = async () => {
        for (const stub of stubsOf((await stage.fresh().sync()).changes)) {
          const described = JSON.stringify([stub.id, stub.location, stub.metadata, stub.createdAt, stub.updatedAt])
          const version = JSON.stringify([stub.id, metadataVersion(stub)])
          expect(versions.get(version) ?? described).toBe(described)
          versions.set(version, described)
        }
      }
      await stage.change(writeThree)
      await look()
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
      if (stage.world.touch) await stage.change(async (world) => world.touch?.('gamma'))
      await look()
      expect(new Set(versions.values()).size).toBe(versions.size)
    }))

  it('knows what is there and what is not when it is asked', () =>
    play(async (stage) => {
      if (!plugin.capabilities.judges) return expectNoJudge(stage)
      await stage.change(writeThree)
      const gone = await writtenId(stage, 'delta', '# Delta\n\nSoon gone.\n')
      await stage.host.sync()
      await stage.change(async (world) => world.remove('delta'))
      await stage.host.sync()
      const { source } = await stage.host.open()
      try {
        const there = [...(await stage.world.documents()).keys()]
        const verdicts = await source.detector.judge?.([...there, gone], new AbortController().signal)
        expect(there.map((id) => verdicts?.get(id))).toEqual(there.map(() => 'present'))
        expect(verdicts?.get(gone) ?? 'unknown').not.toBe('present')
      } finally {
        await source.close(undefined)
      }
    }))
}

/** A connector that says it does not judge has nothing to ask. */
async function expectNoJudge<Config, Cursor>(stage: Stage<Config, Cursor>): Promise<void> {
  const { source } = await stage.host.open()
  try {
    expect(source.detector.judge).toBeUndefined()
  } finally {
    await source.close(undefined)
  }
}

/** The stubs that changes name. */
export function stubsOf(changes: readonly Change<unknown>[]): DocumentStub[] {
  return changes.flatMap((change) => (change.kind === 'upsert' || change.kind === 'move' ? [change.stub] : []))
}
