import { expect } from 'vitest'
import { expectCleanBuild, expectNothingMissing, expectWorld, visible } from '../expectations.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import { metadataVersion } from '../memory-run.ts'
import { opened } from '../opened.ts'
import { stubsOf } from './named.ts'
import { settleAbsence } from './settle-absence.ts'
import { writeThree, writtenId } from './write-three.ts'

const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

/** What a detection names, and what a sync of it comes to. */
export const detectionLaws: readonly Law[] = [
  law('is fine with a source that holds nothing', {
    otherwise: 'the first sync of a new space ends with an error',
    prove: async (stage) => {
      await stage.host.sync()
      await expectWorld(stage.host, stage)
    },
  }),

  law('builds the world from nothing, and vouches for the scopes it listed', {
    otherwise: 'documents are missing from the first day',
    prove: async (stage) => {
      await stage.change(writeThree)
      const { changes, listing } = await stage.host.sync()
      await expectWorld(stage.host, stage)
      expect(changes.filter(({ kind }) => kind === 'complete')).toHaveLength(1)
      expect(changes.at(-1)?.kind).toBe('complete')
      if (listing === undefined || listing === 'changes') throw new Error('a full detection vouches for its scopes')
      for (const stub of stubsOf(changes)) expect(listing.everythingIn).toContain(stub.scope)
      for (const scope of listing.everythingIn) expect(listing.configured).toContain(scope)
    },
  }),

  law('gives nothing but plain data', {
    otherwise: 'what is stored is not what was found: a date becomes a text, and NaN becomes null',
    prove: async ({ host, change }) => {
      // The host passes each change and each document through JSON, and compares.
      await change(writeThree)
      await host.sync()
      await host.sync({ listingDue: true })
    },
  }),

  law('says where a document is, and its times in UTC, and each value once', {
    otherwise: 'results lead nowhere, times are hours off, and values of a listing and of a text cover each other',
    prove: async ({ host, change }) => {
      await change(writeThree)
      await host.sync()
      for (const { stub, document } of host.documents.values()) {
        expect(URL.canParse(stub.location.url), `${stub.location.url} of ${stub.id} is a whole URL`).toBe(true)
        for (const time of [stub.createdAt, stub.updatedAt]) if (time !== undefined) expect(time).toMatch(UTC_TIME)
        const shared = Object.keys(stub.metadata ?? {}).filter((key) => key in (document.metadata ?? {}))
        expect(shared, `metadata of ${stub.id} that both its stub and its content have`).toEqual([])
      }
    },
  }),

  law('gives the same ids, versions and values to everybody', {
    otherwise: 'a collection that was built again differs from the one before',
    prove: async (stage) => {
      await stage.change(writeThree)
      const [one, other] = [stage.fresh(), stage.fresh()]
      await one.sync()
      await other.sync()
      expect(visible(one)).toEqual(visible(other))
    },
  }),

  law('reads nothing when nothing changed', {
    otherwise: 'each run costs as much as the first',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const before = visible(stage.host)
      for (const listingDue of [false, true]) {
        const again = await stage.host.sync({ listingDue })
        expect(again).toMatchObject({ loaded: [], described: [], moved: [], deleted: [] })
        expect(again.requests.content).toBe(0)
      }
      expect(visible(stage.host)).toEqual(before)
    },
  }),

  law('lists everything when a listing is due', {
    otherwise: 'what the source does not report is never found',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.write('delta', '# Delta\n\nNew.\n'))
      const { changes, listing } = await stage.host.sync({ listingDue: true })
      expect(listing).not.toBe('changes')
      const named = new Set(stubsOf(changes).map(({ id }) => id))
      expect([...named].toSorted()).toEqual([...stage.host.documents.keys()].toSorted())
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('reads only what was edited or added', {
    otherwise: 'an edit costs as much as a new collection',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nThe first text, edited.\n'))
      const id = await writtenId(stage, 'delta', '# Delta\n\nNew.\n')
      const { loaded } = await stage.host.sync()
      expect(new Set(loaded).size).toBe(2)
      expect(loaded).toContain(id)
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('removes what was removed, by itself or by a listing, as it says', {
    otherwise: 'search goes on showing what is gone',
    prove: async (stage) => {
      const { plugin } = stage
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
    },
  }),

  law('brings back what comes back', {
    otherwise: 'a document that was restored is never found again',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.remove('gamma'))
      await stage.host.sync()
      await stage.change(async (world) => world.write('gamma', '# Gamma\n\nBack again.\n'))
      await stage.host.sync()
      await stage.host.sync({ listingDue: true })
      await stage.host.sync({ listingDue: true })
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('sees every document and every edit of one moment, however many pages they fill', {
    otherwise: 'what has the time of the last one on a page is skipped',
    needs: ['pageSize'],
    prove: async (stage) => {
      const { world, host } = stage
      const names = Array.from({ length: 2 * (world.pageSize ?? 0) + 1 }, (_, index) => `note/${index}`)
      for (const words of ['The first text', 'Another text']) {
        await stage.change(async () => {
          for (const name of names) await world.write(name, `# ${name}\n\n${words} of ${name}.\n`)
        })
        await host.sync()
        await expectNothingMissing(host, stage)
      }
      await host.sync({ listingDue: true })
      await expectCleanBuild(host, stage)
    },
  }),

  law('sees in the next run what the source shows late', {
    otherwise: 'what a search index had not yet taken in is never seen',
    prove: async (stage) => {
      const { world, host } = stage
      await stage.change(writeThree)
      await host.sync()
      await world.write('alpha', '# Alpha\n\nWritten, and not yet shown.\n')
      await host.sync()
      await world.settle?.()
      await host.sync()
      await expectNothingMissing(host, stage)
    },
  }),

  law('gives a text with the version that it has', {
    otherwise: 'a text that was replaced while it was read stays for good',
    prove: async (stage) => {
      const first = '# Delta\n\nThe first text.\n'
      await stage.change(writeThree)
      const id = await writtenId(stage, 'delta', first)
      const stub = stubsOf((await stage.host.sync()).changes).find((one) => one.id === id)
      if (!stub) throw new Error(`the detection did not name ${id}`)
      const held = stage.host.texts.get(id)
      await stage.change(async (world) => world.write('delta', '# Delta\n\nThe second text.\n'))
      const listed = stubsOf(await stage.host.detect({ mode: 'full' })).find((one) => one.id === id)
      const read = await opened(stage.host, ({ reader }) => reader.read(stub, new AbortController().signal))
      if (read === 'gone') throw new Error('what was edited is not gone')
      const { contentVersion } = read.stub
      expect([stub.contentVersion, listed?.contentVersion], 'the version that was read').toContain(contentVersion)
      expect(read.text, `the text of version ${contentVersion}`).toBe(contentVersion === stub.contentVersion ? held : (await stage.world.documents()).get(id))
    },
  }),

  law('follows a renamed document without reading it', {
    otherwise: 'a renamed folder is read and embedded again',
    needs: ['rename'],
    prove: async (stage) => {
      const { world, host, plugin } = stage
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
    },
  }),

  law('reads what was renamed and edited at once', {
    otherwise: 'a moved document keeps its old text',
    needs: ['rename'],
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => {
        await world.rename?.('gamma', 'guide/renamed')
        await world.write('guide/renamed', '# Gamma\n\nRenamed, and edited.\n')
      })
      await stage.host.sync()
      await expectNothingMissing(stage.host, stage)
      await settleAbsence(stage)
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('describes a document anew without reading it', {
    otherwise: 'payloads show old values, or a label costs a read',
    needs: ['touch'],
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      await stage.change(async (world) => world.touch?.('alpha'))
      const { loaded, described } = await stage.host.sync()
      expect(loaded).toEqual([])
      expect(described).toHaveLength(1)
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('changes the metadata version with the described values, and only with them', {
    otherwise: 'payloads show old values, or are written in each run',
    prove: async (stage) => {
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
    },
  }),

  law('knows what is there and what is not when it is asked', {
    otherwise: 'a document that is there is deleted',
    prove: async (stage) => {
      const { plugin } = stage
      // Whether it has a `judge` is a law of its own.
      if (!plugin.capabilities.judges) return
      await stage.change(writeThree)
      const gone = await writtenId(stage, 'delta', '# Delta\n\nSoon gone.\n')
      await stage.host.sync()
      await stage.change(async (world) => world.remove('delta'))
      await stage.host.sync()
      await opened(stage.host, async ({ detector }) => {
        const there = [...(await stage.world.documents()).keys()]
        const verdicts = await detector.judge?.([...there, gone], new AbortController().signal)
        expect(there.map((id) => verdicts?.get(id))).toEqual(there.map(() => 'present'))
        expect(verdicts?.get(gone) ?? 'unknown').not.toBe('present')
      })
    },
  }),
]
