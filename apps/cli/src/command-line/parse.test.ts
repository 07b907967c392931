import { expect, test } from 'vitest'
import { commands } from '../commands.ts'
import { renderHelp } from './help.ts'
import { parseCommandLine } from './parse.ts'

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), commands)

function refusal(line: string): { message: string; hint: string } {
  try {
    parse(line)
  } catch (error) {
    return error as { message: string; hint: string }
  }
  throw new Error(`'${line}' was accepted`)
}

test('flags may stand before and after the command, with a space or an equals sign', () => {
  const invocation = parse('--config=a.yaml sync --workers 3 --full')
  expect(invocation).toMatchObject({ kind: 'run', command: { name: 'sync' }, flags: { config: 'a.yaml', workers: 3, full: true, watch: false } })
})

test('a group and its member are one command', () => {
  expect(parse('config show --json')).toMatchObject({ command: { name: 'config show' }, flags: { json: true }, operand: '' })
})

test('the words of a search are joined', () => {
  expect(parse('search how to install --limit 3')).toMatchObject({ operand: 'how to install', flags: { limit: 3 } })
})

test('what follows two dashes is no flag', () => {
  expect(parse('search -- --full')).toMatchObject({ operand: '--full' })
  expect(parse('search --limit 3 -- install --help')).toMatchObject({ operand: 'install --help', flags: { limit: 3 } })
})

test('words and values stay the text that they are', () => {
  expect(parse('search 007 1e3 true null -5')).toMatchObject({ operand: '007 1e3 true null -5' })
  expect(parse('status --source 007 --project=true')).toMatchObject({ flags: { source: '007', project: 'true' } })
  expect(parse('status --source a.b --config -')).toMatchObject({ flags: { source: 'a.b', config: '-' } })
  expect(parse('status --source=--full')).toMatchObject({ flags: { source: '--full' } })
})

test('a flag without a value takes no word, wherever it stands', () => {
  expect(parse('--full sync')).toMatchObject({ command: { name: 'sync' }, flags: { full: true } })
  expect(parse('search --json true story')).toMatchObject({ operand: 'true story', flags: { json: true } })
  expect(parse('export --no-vectors')).toMatchObject({ flags: { 'no-vectors': true } })
  expect(parse('sync --full --full')).toMatchObject({ flags: { full: true } })
})

test('a flag with a value takes the next word, also before the command', () => {
  expect(parse('--limit 3 --mode vector search x')).toMatchObject({ operand: 'x', flags: { limit: 3, mode: 'vector' } })
  expect(parse('--config sync status')).toMatchObject({ command: { name: 'status' }, flags: { config: 'sync' } })
  expect(parse('config --config a.yaml show')).toMatchObject({ command: { name: 'config show' }, flags: { config: 'a.yaml' } })
})

test.each([
  ['synk', "There is no command 'synk'.", "'qdrant-loader sync'"],
  ['config shwo', "There is no command 'config shwo'.", "'qdrant-loader config show'"],
  ['config', "'config' needs one of: validate, show, schema.", 'qdrant-loader config validate'],
  ['sync --dry-rnu', "'sync' has no flag --dry-rnu.", '--dry-run'],
  ['verify --allow-mass-delete', '--allow-mass-delete does nothing without --repair.', 'qdrant-loader verify --help'],
  ['sync --limit 3', "'sync' has no flag --limit.", 'qdrant-loader sync --help'],
  ['sync extra', "'sync' takes no operand, and got 'extra'.", '--help'],
  ['sync --incremental --full', '--incremental and --full exclude each other.', 'one of them'],
  ['sync --config', '--config needs a value.', '--config=FILE'],
  ['sync --config --json', '--config needs a value.', '--config=FILE'],
  ['sync --json=yes', '--json takes no value.', '=yes'],
  ['sync --workers 0', "--workers does not take '0'.", 'from 1 to 256'],
  ['sync --workers 1e2', "--workers does not take '1e2'.", 'from 1 to 256'],
  ['sync --retries -1', "--retries does not take '-1'.", 'from 0 to 100'],
  ['sync --source a --source b', '--source was given twice.', 'once'],
  ['search', "'search' needs TEXT.", '--help'],
  ['search x --mode fuse', "--mode does not take 'fuse'.", 'vector, keyword, fused'],
  ['completion', "'completion' needs SHELL.", 'bash, zsh, fish'],
  ['completion bsh', "'completion' does not take 'bsh'.", 'Did you mean bash?'],
  ['completion bash --json', "'completion' has no flag --json.", 'qdrant-loader completion --help'],
  ['synk extra words', "There is no command 'synk'.", "'qdrant-loader sync'"],
  ['status --full', "'status' has no flag --full.", 'qdrant-loader status --help'],
  ['--full status', "'status' has no flag --full.", 'qdrant-loader status --help'],
  ['status -x', "'status' has no flag -x.", 'qdrant-loader status --help'],
  ['status --no-json', "'status' has no flag --no-json.", 'Did you mean --json?'],
  ['export --vectors', "'export' has no flag --vectors.", 'Did you mean --no-vectors?'],
  ['sync --config=', '--config needs a value.', '--config=FILE'],
  ['search x --mode', '--mode needs a value.', '--mode=vector|keyword|fused'],
  ['search x --mode vector --mode fused', '--mode was given twice.', 'once'],
  ['sync --watch --dry-run', '--watch and --dry-run exclude each other.', 'one of them'],
  ['sync --__proto__=x', "'sync' has no flag", '--help'],
  ['sync --constructor', "'sync' has no flag --constructor.", '--help'],
  ['config.validate', "There is no command 'config.validate'.", '--help'],
  ['--verison', 'qdrant-loader has no flag --verison.', '--help'],
])('`%s` is refused: %s', (line, message, hint) => {
  const error = refusal(line)
  expect(error).toMatchObject({ code: 'usage', kind: 'config', message: expect.stringContaining(message) })
  expect(error.hint).toContain(hint)
})

test('help and version are understood anywhere', () => {
  expect(parse('sync --help')).toEqual({ kind: 'help', topic: 'sync' })
  expect(parse('help config')).toEqual({ kind: 'help', topic: 'config' })
  expect(parse('sync --bogus --help')).toEqual({ kind: 'help', topic: 'sync' })
  expect(parse('help --bogus')).toEqual({ kind: 'help', topic: undefined })
  expect(parse('--config a.yaml config -h')).toEqual({ kind: 'help', topic: 'config' })
  expect(parse('synk --version')).toEqual({ kind: 'version' })
  expect(parse('-h')).toEqual({ kind: 'help', topic: undefined })
  expect(parse('-v')).toEqual({ kind: 'version' })
  expect(parse('')).toEqual({ kind: 'nothing' })
})

test('a flag has the same kind of value in every command', () => {
  const kinds = new Map<string, string>()
  for (const command of commands) {
    for (const [name, spec] of Object.entries(command.flags as Record<string, { type: string }>)) {
      const kind = spec.type === 'boolean' ? 'boolean' : 'value'
      expect([name, kinds.get(name) ?? kind]).toEqual([name, kind])
      kinds.set(name, kind)
    }
  }
})

test.each([60, 80, 160])('help fits into %i columns and names every command', (width) => {
  for (const topic of [undefined, 'config', ...commands.map((command) => command.name)]) {
    const lines = renderHelp(commands, topic, width).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
  }
  const overview = renderHelp(commands, undefined, width)
  for (const command of commands) expect(overview).toContain(`  ${command.name}`)
})
