import { expect, it } from 'vitest'
import { MarkedFiles, rulesOf } from './marked-files.ts'

function marked(files: Readonly<Record<string, string>>, path: string): boolean {
  const marks = new MarkedFiles()
  for (const folder of marks.unknownFolders([path])) marks.learn(folder, rulesOf(Buffer.from(files[folder] ?? '')))
  return marks.has(path)
}

it.each([
  ['*.pb.go linguist-generated', 'api/v1/a.pb.go', true],
  ['*.pb.go linguist-generated=true text', 'a.pb.go', true],
  ['*.pb.go linguist-generated', 'a.go', false],
  ['/gen/** linguist-generated', 'gen/deep/a.md', true],
  ['/gen/** linguist-generated', 'docs/gen/a.md', false],
  ['docs/api/*.md linguist-vendored', 'docs/api/a.md', true],
  ['docs/api/ linguist-generated', 'docs/api/a.md', false],
  ['*.md linguist-generated\nREADME.md -linguist-generated', 'docs/README.md', false],
  ['*.md linguist-generated=false', 'a.md', false],
  ['"with space.md" linguist-generated', 'with space.md', true],
  ['# *.md linguist-generated', 'a.md', false],
  ['[attr]generated linguist-generated', 'a.md', false],
  ['*.md text=auto', 'a.md', false],
])('F14: %j marks %s: %s', (rules, path, isMarked) => {
  expect(marked({ '': rules }, path)).toBe(isMarked)
})

it('F14: the file of a folder goes before those above it', () => {
  const files = { '': '*.md linguist-generated', 'docs/': '*.md -linguist-generated', 'docs/api/': 'index.md linguist-generated' }
  expect(['a.md', 'docs/a.md', 'docs/api/a.md', 'docs/api/index.md'].map((path) => marked(files, path))).toEqual([true, false, false, true])
})
