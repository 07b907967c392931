import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { GOOD } from '../e2e/user-world.ts'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'

let world: EffectsWorld
beforeEach(() => {
  world = createEffectsWorld()
})

const RENAMED = GOOD.replace('docs:', 'handbook:')

/** The pins of all sources in the one copy of the repository; undefined when there is no copy. */
function pins(): readonly string[] | undefined {
  const folder = path.join(world.folder, 'state.cache', 'git')
  const copy = readdirSync(folder).find((name) => name.endsWith('.git'))
  if (copy === undefined) return undefined
  const listed = execFileSync('git', ['-C', path.join(folder, copy), 'for-each-ref', '--format=%(refname)', 'refs/qdrant-loader/pins/'])
  return listed.toString().split('\n').filter(Boolean)
}

const sourcesOf = async () => [...new Set((await world.points()).map(({ payload }) => payload.source))].sort()

describe('U6: a source that was renamed', () => {
  beforeEach(async () => {
    await world.run(['sync'])
    world.configure(RENAMED)
  })

  test('is told of in one line after each sync, with the command that removes it', async () => {
    const line = 'No longer configured: git/docs (2 points). To remove: qdrant-loader remove git/docs\n'
    for (const sync of [await world.run(['sync']), await world.run(['sync'])]) expect(sync).toMatchObject({ code: 0, stderr: line })
    expect(await world.json(['sync'])).toMatchObject({ unconfigured: [{ project: 'default', source_type: 'git', source: 'docs', documents: 2, points: 2 }] })
    expect((await world.run(['remove', 'git/docs', '--yes'])).code).toBe(0)
    expect(await world.run(['sync'])).toMatchObject({ code: 0, stderr: '' })
    expect(await world.json(['sync'])).toMatchObject({ unconfigured: [] })
  })

  test('is marked in what search finds', async () => {
    await world.run(['sync'])
    const { stdout } = await world.run(['search', 'how to install', '--limit', '10'])
    const addresses = stdout.split('\n').filter((line) => line.includes('git/'))
    expect(addresses.filter((line) => line.includes('(not configured)')).every((line) => line.includes('git/docs'))).toBe(true)
    expect(addresses.filter((line) => !line.includes('(not configured)')).every((line) => line.includes('git/handbook'))).toBe(true)
    const { results } = await world.json(['search', 'how to install', '--limit', '10'])
    for (const { source, configured } of results) expect(configured).toBe(source === 'handbook')
    // A configuration for searching alone says nothing of sources.
    world.configure(GOOD.split('sources:')[0] as string)
    expect((await world.run(['search', 'how to install'])).stdout).not.toContain('not configured')
  })

  test('--yes removes its points, its rows and its pins, and nothing of another source', async () => {
    await world.run(['sync'])
    expect(pins()).toHaveLength(2)
    expect(await world.json(['remove', 'git/docs', '--yes'])).toMatchObject({
      code: 0, status: 'succeeded', project: 'default', source_type: 'git', source: 'docs', configured: false, documents: 2, points: 2, cache: 'removed',
    })
    expect(await sourcesOf()).toEqual(['handbook'])
    expect((await world.json(['status'])).sources.map(({ source }: { source: string }) => source)).toEqual(['handbook'])
    expect(new Set((await world.json(['history'])).runs.map(({ source }: { source: string }) => source))).toEqual(new Set(['handbook']))
    expect(pins()).toHaveLength(1)
    expect((await world.run(['sync'])).stdout).toMatch(/git\/handbook +succeeded +0 +0 +0/)
    expect((await world.run(['remove', 'git/docs', '--yes'])).code).toBe(2)
  })

  test('takes the copy of its repository with it when nobody else reads that', async () => {
    expect(pins()).toHaveLength(1)
    expect(await world.json(['remove', 'docs', '--yes'])).toMatchObject({ code: 0, status: 'succeeded' })
    expect(pins()).toBeUndefined()
  })
})

describe('remove', () => {
  beforeEach(async () => void (await world.run(['sync'])))

  test('without --yes says how much it would remove, removes nothing and ends with 6 where nobody can be asked', async () => {
    const { code, stdout, stderr } = await world.run(['remove', 'git/docs'])
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    expect(stderr).toMatch(/^git\/docs: nothing was removed\. There are 2 documents and 2 points in .+\.\nIf they are to go: qdrant-loader remove git\/docs --yes\n$/)
    expect(await world.json(['remove', 'git/docs'], { ask: async () => 'y' })).toMatchObject({ code: 6, status: 'held', documents: 2, points: 2 })
    expect(await sourcesOf()).toEqual(['docs'])
  })

  test.each([['y', true], ['Yes', true], ['n', false], ['', false], ['what?', false]])('asks the person at the terminal, and %j means %j', async (answer, removes) => {
    const questions: string[] = []
    const ask = async (question: string) => {
      questions.push(question)
      return answer
    }
    const { code, stderr } = await world.run(['remove', 'docs'], { ask })
    expect(questions).toEqual(['Remove them? [y/N] '])
    expect(stderr).toMatch(/^git\/docs: 2 documents and 2 points in /)
    expect([code, await sourcesOf()]).toEqual(removes ? [0, []] : [6, ['docs']])
  })

  test('of a source that is still configured says that the next sync loads it again, and it does', async () => {
    const { code, stdout, stderr } = await world.run(['remove', 'docs', '--yes'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'git/docs was removed: 2 documents and 2 points.\n' })
    expect(stderr).toMatch(/^It is still configured, and the next sync loads it again\. Take it out of .+qdrant-loader\.yaml first/)
    expect(await world.json(['sync'])).toMatchObject({ code: 0, totals: { documents: { added: 2 } }, unconfigured: [] })
  })

  test('takes the names that status prints, and says which when one means several', async () => {
    world.configure(`${GOOD.split('sources:')[0]}projects:\n  a: { sources: { git: { docs: { base_url: ./repository } } } }\n`)
    await world.run(['sync'])
    const ambiguous = await world.run(['remove', 'docs', '--yes'])
    expect(ambiguous).toMatchObject({ code: 2, stderr: expect.stringContaining('Say which: a/git/docs, default/git/docs.') })
    const unknown = await world.run(['remove', 'git/dosc', '--yes'])
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean git/docs?') })
    expect(await world.json(['remove', 'a/git/docs', '--yes'])).toMatchObject({ project: 'a', configured: true })
    // What status prints is the one of the default project.
    expect(await world.json(['remove', 'git/docs', '--yes'])).toMatchObject({ project: 'default', configured: false })
    expect(await sourcesOf()).toEqual([])
  })
})
