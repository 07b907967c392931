import { expect } from 'vitest'
import { expectCleanBuild } from '../expectations.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import { opened } from '../opened.ts'
import { named, stubsOf } from './named.ts'
import { writeThree } from './write-three.ts'

/** What holds when a connector does several things at once. */
export const parallelLaws: readonly Law[] = [
  law('reads several documents at once', {
    otherwise: 'documents get the texts of others',
    prove: async ({ world, host, change }) => {
      await change(writeThree)
      const stubs = stubsOf((await host.sync()).changes)
      const texts = await world.documents()
      await opened(host, async ({ reader }) => {
        const { signal } = new AbortController()
        const wanted = [...stubs, ...stubs].filter(({ id }) => texts.has(id))
        const read = await Promise.all(wanted.map((stub) => reader.read(stub, signal)))
        expect(read.map((one) => (one === 'gone' ? 'gone' : [one.stub.id, one.text]))).toEqual(wanted.map(({ id }) => [id, texts.get(id)]))
      })
    },
  }),

  law('may be opened twice at once', {
    otherwise: 'a plan that looks while a sync is running breaks the sync',
    prove: async (stage) => {
      const { host, change } = stage
      await change(writeThree)
      await host.sync()
      await change(async (world) => {
        await world.write('alpha', '# Alpha\n\nEdited.\n')
        await world.write('delta', '# Delta\n\nNew.\n')
      })
      const undisturbed = named(await host.detect({ listingDue: true }))
      const other = host.copy()
      const disturbed = await host.detect({ listingDue: true, during: async (before) => void (before === 0 && (await other.sync())) })
      expect(named(disturbed)).toEqual(undisturbed)
      await expectCleanBuild(other, stage)
      await host.sync()
      await expectCleanBuild(host, stage)
    },
  }),
]
