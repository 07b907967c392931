import { expect, it } from 'vitest'
import type { Change, ConnectorPlugin, LoaderError } from '@qdrant-loader/connector-sdk'
import { expectDeclaredAbsence } from '../declared-absence.ts'
import { expectCleanBuild, visible } from '../expectations.ts'
import { loaderErrorOf } from '../memory-host.ts'
import type { MemoryHost } from '../memory-host.ts'
import type { Play, Stage } from '../stage.ts'
import { stubsOf, writeThree, writtenId } from './detection-laws.ts'

const DEATHS = 6

/** What holds when something goes wrong. */
export function recoveryLaws<Config, Cursor>(plugin: ConnectorPlugin<Config, Cursor>, play: Play<Config, Cursor>): void {
  it('converges after a first run that died at any change', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      for (let dieAfter = 0; dieAfter <= 3; dieAfter++) {
        const host = stage.fresh()
        await host.sync({ dieAfter })
        await host.sync()
        await expectCleanBuild(host, stage)
      }
    }))

  it('converges after a later run that died at any change', () =>
    play(async (stage) => {
      for (let dieAfter = 0; dieAfter < DEATHS; dieAfter++) {
        await stage.change(writeThree)
        await stage.host.sync()
        await stage.change((world) => shuffle(world, dieAfter))
        await stage.host.sync({ dieAfter })
        await stage.host.sync()
        await settleAbsence(stage)
        await expectCleanBuild(stage.host, stage)
        await stage.change(async (world) => {
          await world.remove('delta')
          await world.write('gamma', '# Gamma\n\nBack.\n')
        })
      }
    }))

  it('converges when the source went back before a dead run was repeated', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      for (let dieAfter = 1; dieAfter < 4; dieAfter++) {
        await stage.change(async (world) => world.write('alpha', `# Alpha\n\nOnly for a moment, ${dieAfter}.\n`))
        await stage.host.sync({ dieAfter })
        await stage.change(async (world) => world.write('alpha', '# Alpha\n\nThe first text.\n'))
        await stage.host.sync()
        await expectCleanBuild(stage.host, stage)
      }
    }))

  it('detects in full when its cursor cannot be read', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      stage.host.cursor = { garbage: true }
      const { listing, loaded } = await stage.host.sync()
      expect(listing).not.toBe('changes')
      expect(loaded).toEqual([])
      await expectCleanBuild(stage.host, stage)
    }))

  it('goes on without its cache', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const cursor = stage.host.cursor
      const moved = stage.fresh()
      await moved.sync()
      moved.cursor = cursor
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
      await moved.sync()
      await expectCleanBuild(moved, stage)
    }))

  it('names in a dry run what the next run names, and changes nothing that a later run relies on', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync({ dryRun: true })
      expect(visible(stage.host)).toEqual([])
      await stage.host.sync()
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
      const looked = await stage.host.sync({ dryRun: true })
      const done = await stage.host.sync()
      expect(named(looked.changes)).toEqual(named(done.changes))
      expect(done.loaded).toHaveLength(1)
      await expectCleanBuild(stage.host, stage)
    }))

  it('stops at once when it is told to', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const reason = new Error('the user pressed Ctrl-C')
      await expect(stage.host.sync({ mode: 'full', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      const { source } = await stage.host.open()
      try {
        const abort = new AbortController()
        const detection = source.detector.detect({ mode: 'full', known: stage.host.known }, abort.signal)[Symbol.asyncIterator]()
        const first = detection.next()
        abort.abort(reason)
        await expect(Promise.all([first, detection.next(), detection.next(), drain(detection)])).rejects.toBe(reason)
        const [stub] = [...stage.host.documents.values()].map((held) => held.stub)
        if (stub) await expect(source.reader.read(stub, abort.signal)).rejects.toBe(reason)
      } finally {
        await source.close(undefined)
      }
      await stage.host.sync()
      await expectCleanBuild(stage.host, stage)
    }))

  it('says `gone` of what is no longer there', () =>
    play(async (stage) => {
      await stage.change(writeThree)
      const id = await writtenId(stage, 'delta', '# Delta\n\nSoon gone.\n')
      const stub = stubsOf((await stage.host.sync()).changes).find((named) => named.id === id)
      if (!stub) throw new Error(`the detection did not name ${id}`)
      await stage.change(async (world) => world.remove('delta'))
      await stage.host.sync()
      const { source } = await stage.host.open()
      try {
        const { signal } = new AbortController()
        const answer = await source.reader.read(stub, signal)
        // A connector that reads a snapshot may still have the very version that was listed.
        if (answer !== 'gone') expect(answer.stub.contentVersion).toBe(stub.contentVersion)
        expect(await source.reader.read({ ...stub, id: `${id}-never`, contentVersion: 'never' }, signal)).toBe('gone')
      } finally {
        await source.close(undefined)
      }
    }))

  it('throws a LoaderError with an instruction when the source is unreachable, and deletes nothing', () =>
    play(async (stage) => {
      const { world, host } = stage
      if (!world.fail) return expectDeclaredAbsence(world, 'fail')
      await stage.change(writeThree)
      await host.sync()
      const before = visible(host)
      await world.fail()
      for (const options of [{}, { listingDue: true }, { mode: 'full' as const }]) {
        expectUseful(await loaderErrorOf(host.sync(options)), world.secrets ?? [])
      }
      expectUseful(await loaderErrorOf(checked(host)), world.secrets ?? [])
      expect(visible(host)).toEqual(before)
      await world.heal?.()
      await host.sync()
      await expectCleanBuild(host, stage)
    }))

  it('keeps its secrets to itself', () =>
    play(async (stage) => {
      const secrets = stage.world.secrets ?? []
      if (secrets.length === 0) return expectDeclaredAbsence(stage.world, 'secrets')
      await stage.change(writeThree)
      const { said, changes } = await stage.host.sync()
      const told = JSON.stringify([said, changes, [...stage.host.documents.values()], await checked(stage.host)])
      for (const secret of secrets) expect(told).not.toContain(secret)
      const { writeOnly } = secretKeys(plugin, stage.world.config, secrets)
      expect(writeOnly).toBe(true)
    }))
}

async function shuffle(world: Stage<unknown, unknown>['world'], round: number): Promise<void> {
  await world.write('alpha', `# Alpha\n\nRound ${round}.\n`)
  await world.write('delta', `# Delta\n\nNew in round ${round}.\n`)
  await world.remove('gamma')
  if (world.rename) {
    await world.rename('guide/beta', `guide/beta-${round}`)
    await world.settle?.()
    await world.rename(`guide/beta-${round}`, 'guide/beta')
  }
}

async function settleAbsence<Config, Cursor>({ host, plugin }: Stage<Config, Cursor>): Promise<void> {
  if (plugin.capabilities.reportsDeletions) return
  await host.sync({ listingDue: true })
  await host.sync({ listingDue: true })
}

async function drain(detection: AsyncIterator<unknown>): Promise<void> {
  while ((await detection.next()).done !== true);
}

async function checked<Config, Cursor>(host: MemoryHost<Config, Cursor>): Promise<string> {
  const { source } = await host.open()
  try {
    return await source.check(new AbortController().signal)
  } finally {
    await source.close(undefined)
  }
}

function expectUseful(error: LoaderError, secrets: readonly string[]): void {
  expect(['transient', 'config', 'auth']).toContain(error.kind)
  expect(error.code).toMatch(/^[a-z][a-z0-9_]*$/)
  expect(error.message).not.toBe('')
  expect(error.hint).not.toBe('')
  const told = [error.message, error.hint, error.stack, String(error.cause)].join(' ')
  for (const secret of secrets) expect(told).not.toContain(secret)
}

/** Every key of the configuration that holds a secret is marked, so that the host never prints it. */
function secretKeys<Config, Cursor>(
  plugin: ConnectorPlugin<Config, Cursor>,
  config: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): { readonly writeOnly: boolean } {
  const { properties } = plugin.configSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) as {
    readonly properties: Readonly<Record<string, { readonly writeOnly?: boolean }>>
  }
  const holders = Object.keys(config).filter((key) => secrets.includes(String(config[key])))
  return { writeOnly: holders.every((key) => properties[key]?.writeOnly === true) }
}

/** What changes say of documents, apart from cursors. */
function named(changes: readonly Change<unknown>[]): readonly unknown[] {
  return changes.flatMap((change): readonly unknown[] => {
    if (change.kind === 'upsert' || change.kind === 'move') return [[change.kind, change.stub.id, change.stub.contentVersion]]
    return change.kind === 'delete' || change.kind === 'skip' ? [[change.kind, change.id]] : []
  })
}
