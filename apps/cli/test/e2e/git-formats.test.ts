import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { createUserWorld, GOOD, type UserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 180_000 })

/** What a clean build of the same repository holds. */
async function clean(world: UserWorld, name: string): Promise<unknown[]> {
  const file = path.join(world.folder, `${name}.yaml`)
  world.configureAs(file, GOOD.replace('./state.db', `./${name}.db`).replace('global:\n', `global:\n  embedded: { path: ./${name}-store.db }\n`))
  expect((await world.run(['sync', '--config', file])).code).toBe(0)
  return world.exported(['--config', file])
}

test('a file that others include updates them, whatever happens to it', async () => {
  const world = createUserWorld()
  const steps: readonly Readonly<Record<string, string | undefined>>[] = [
    { 'docs/page.adoc': '= Page\n\ninclude::part.adoc[]\n\ninclude::late.adoc[]\n\ninclude::../code.py[tag=a]\n', 'docs/part.adoc': 'One.\n', 'code.py': '# tag::a[]\nx = 1\n# end::a[]\n' },
    { 'docs/part.adoc': 'Two.\n' },
    { 'docs/late.adoc': 'Late.\n' },
    { 'code.py': '# tag::a[]\nx = 2\n# end::a[]\n' },
    { 'docs/part.adoc': 'Three.\n\ninclude::deep.adoc[]\n', 'docs/deep.adoc': 'Deep.\n' },
    { 'docs/deep.adoc': 'Deeper.\n' },
    { 'docs/part.adoc': undefined, 'docs/parts/part.adoc': 'Three.\n\ninclude::deep.adoc[]\n' },
    { 'docs/late.adoc': undefined },
    { 'docs/page.adoc': undefined, 'page.adoc': '= Page\n\ninclude::part.adoc[]\n\ninclude::late.adoc[]\n\ninclude::../code.py[tag=a]\n' },
  ]
  for (const [at, files] of steps.entries()) {
    world.commit(files)
    expect((await world.run(['sync'])).code).toBe(0)
    expect(await world.exported(), `step ${at}`).toEqual(await clean(world, `clean-${at}`))
  }
  expect(JSON.stringify(await world.exported())).not.toContain('Late.')
})

test('F12: line ends that a commit renormalises, and a date in front matter, embed nothing', async () => {
  const world = createUserWorld()
  const text = '---\ntitle: Page\ndate: 2026-01-02\n---\n\n# Page\n\nWords.\n\n```sh\nmake\n```\n'
  world.commit({ 'a.md': text.replaceAll('\n', '\r\n'), 'b.rst': 'Title\r\n=====\r\n\r\nWords::\r\n\r\n  code\r\n', 'c.txt': 'One.\r\n\r\nTwo.\r\n', 'd.py': 'x = 1\r\ny = 2\r\n' })
  await world.run(['sync'])
  world.commit({ 'a.md': text.replace('2026-01-02', '2026-01-03'), 'b.rst': 'Title\n=====\n\nWords::\n\n  code\n', 'c.txt': 'One.\n\nTwo.\n', 'd.py': 'x = 1\ny = 2\n' })
  const synced = JSON.parse((await world.run(['sync', '--json'])).stdout) as unknown
  expect(synced).toMatchObject({ totals: { chunks: { embedded: 0 } } })
  expect(JSON.stringify(await world.exported())).toContain('2026-01-03')
  expect(await world.exported()).toEqual(await clean(world, 'clean'))
})

test('a broken notebook is skipped and counted, and the others are indexed', async () => {
  const world = createUserWorld()
  world.commit({ 'good.adoc': '= Good\n\nText.\n', 'broken.ipynb': '{"cells": [' })
  const { stdout, code } = await world.run(['sync', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ sources: [{ skipped: { broken: 1 }, documents: { added: 3 } }] })
})
