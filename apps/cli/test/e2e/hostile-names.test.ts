import { expect, test, vi } from 'vitest'
import { createUserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 120_000 })

/** What a terminal acts on or what deceives its reader, but for line breaks. */
const UNSAFE = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u
const TEXT = '# Title \u001b[31mred \u202etxt.exe \u009b2J\u0007\n\nSome words \u001b]0;owned\u0007 here.\n\n## Head \u001b[2J\n\nMore words.\n'
const NAMES = ['escape\u001b[31m.md', 'line\nError: of somebody else.md', 'reordered\u202egnp.md', 'bell\u0007.md', 'c1\u009b2J.md', 'isolated\u2066a\u2069.md']

test('no name, title or text of a repository reaches the terminal as it is', async () => {
  const world = createUserWorld()
  world.commit(Object.fromEntries(NAMES.map((name) => [name, `${TEXT}${name}\n`])))
  const commands = [
    ['plan'], ['sync', '--log-level', 'debug'], ['search', 'words', '--limit', '20'], ['search', 'words', '--json'], ['plan', '--full', '--json'],
    ['status'], ['history'], ['failures'], ['doctor'],
  ]
  for (const command of commands) {
    const { code, stdout, stderr } = await world.run(command)
    expect([command, code, UNSAFE.exec(stdout)?.input, UNSAFE.exec(stderr)?.input]).toEqual([command, 0, undefined, undefined])
  }
  const { stdout } = await world.run(['plan'])
  expect(stdout).not.toMatch(/^Error/m)
  const lines = (await world.run(['export', '--no-vectors'])).stdout.trimEnd().split('\n')
  expect(lines.join('')).not.toMatch(UNSAFE)
  const ids = new Set(lines.map((line) => (JSON.parse(line) as { payload: { document_id: string } }).payload.document_id))
  expect([...ids].toSorted()).toEqual([...NAMES, 'guide.md', 'notes.txt'].toSorted())
})
