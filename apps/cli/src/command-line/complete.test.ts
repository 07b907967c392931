import { expect, test } from 'vitest'
import { answerText, complete } from './complete.ts'
import { commands } from '../commands.ts'

const NAMES = { project: ['default', 'handbook'], 'source-type': ['git', 'jira'], source: ['docs', 'guide', 'docs-old'] }

async function suggested(line: string): Promise<readonly string[] | 'files'> {
  const found = await complete(line.split(' '), commands, async (kind, config) => (config === 'other.yaml' ? ['other'] : NAMES[kind]))
  return found === 'files' ? found : found.map(({ word }) => word)
}

test.each<[string, readonly string[] | 'files']>([
  ['s', ['sync', 'status', 'search']],
  ['config ', ['validate', 'show', 'schema']],
  ['config s', ['show', 'schema']],
  ['--config a.yaml config v', ['validate']],
  ['migrate down ', []],
  ['nonsense ', []],
  ['--', ['--help', '--version']],
  ['sync --wa', ['--watch']],
  ['sync --full --in', []],
  ['status --p', ['--project']],
  ['status --project x --p', []],
  ['status --source ', ['docs', 'guide', 'docs-old']],
  ['status --source do', ['docs', 'docs-old']],
  ['status --source=do', ['--source=docs', '--source=docs-old']],
  ['status --project ', ['default', 'handbook']],
  ['status --source-type g', ['git']],
  ['status --config other.yaml --source ', ['other']],
  ['--config=other.yaml status --source ', ['other']],
  ['status --config ', 'files'],
  ['status --config=q', 'files'],
  ['search words --mode ', ['vector', 'keyword', 'fused']],
  ['search --mode=f', ['--mode=fused']],
  ['search --limit ', []],
  ['search wor', []],
  ['remove g', ['guide']],
  ['remove guide ', []],
  ['remove -- d', ['docs', 'docs-old']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['status --nonsense x --js', ['--json']],
  ['status --limit', []],
])('`%s` is completed', async (line, expected) => {
  expect(await suggested(line)).toEqual(expected)
})

test('with nothing typed there is each command, and each group with its members', async () => {
  const found = await complete([''], commands, async () => [])
  expect(found).toContainEqual({ word: 'sync', meaning: 'Bring the collection up to date with its sources.' })
  expect(found).toContainEqual({ word: 'migrate', meaning: 'status, up, down' })
  expect(found.length).toBe(new Set(commands.map(({ name }) => name.split(' ')[0])).size)
})

test('every flag of a command is suggested with what it means', async () => {
  for (const command of commands) {
    const found = await complete([...command.name.split(' '), '-'], commands, async () => [])
    const flags = Object.entries(command.flags as Record<string, { describe: string }>).map(([name, { describe }]) => ({ word: `--${name}`, meaning: describe }))
    expect(found).toEqual([...flags, { word: '--help', meaning: 'Print this.' }])
  }
})

test('a shell reads a word and its meaning, or that files fit', () => {
  expect(answerText([{ word: '--full', meaning: 'List everything.' }])).toBe('--full\tList everything.\n')
  expect(answerText('files')).toBe(':files\n')
})
