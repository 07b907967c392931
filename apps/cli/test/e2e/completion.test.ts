import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

// Real shells, with the script that the program prints, in a folder with a configuration.

const folder = mkdtempSync(path.join(tmpdir(), 'qdrant-loader-completion-'))
const PATH = `${path.join(folder, 'bin')}${path.delimiter}${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`

beforeAll(() => {
  mkdirSync(path.join(folder, 'bin'))
  symlinkSync(fileURLToPath(new URL('../../bin/qdrant-loader.js', import.meta.url)), path.join(folder, 'bin', 'qdrant-loader'))
  writeFileSync(
    path.join(folder, 'qdrant-loader.yaml'),
    'sources: { git: { docs: { base_url: ./docs }, guide: { base_url: ./guide } } }\nprojects: { handbook: { sources: { jira: { tickets: {} } } } }\n',
  )
  writeFileSync(path.join(folder, 'broken.yaml'), 'sources: [')
})

function shell(program: string, args: readonly string[]): string {
  const env = { ...process.env, PATH, HOME: folder, XDG_CONFIG_HOME: folder, TERM: 'dumb', NODE_OPTIONS: undefined, QDRANT_URL: undefined }
  const { stdout, stderr, error } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8', timeout: 60_000 })
  if (error !== undefined) throw error
  return stdout + stderr
}

const has = (program: string): boolean => spawnSync(program, ['-c', 'exit 0']).status === 0
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** What bash makes of a line that it has split into these words. */
function bash(...words: string[]): string[] {
  const script = `source <(qdrant-loader completion bash)
COMP_WORDS=(qdrant-loader "$@"); COMP_CWORD=$#
"$(complete -p qdrant-loader | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
printf '%s\\n' "\${COMPREPLY[@]}"`
  return lines(shell('bash', ['--norc', '-c', script, 'bash', ...words]))
}

describe.runIf(process.platform !== 'win32')('bash', () => {
  test.each<[string[], string[]]>([
    [['sta'], ['status']],
    [['config', ''], ['validate', 'show', 'schema']],
    [['status', '--source', ''], ['docs', 'guide', 'tickets']],
    // Bash makes three words of it and replaces the last.
    [['status', '--source', '=', 'do'], ['docs']],
    [['search', 'x', '--mode', 'fu'], ['fused']],
    [['status', '--config', '=', 'bro'], ['broken.yaml']],
    [['status', '--config', 'broken.yaml', '--source', ''], []],
  ])('%s', (words, expected) => {
    expect(bash(...words)).toEqual(expected)
  })
})

describe.runIf(has('fish'))('fish', () => {
  test.each<[string, string[]]>([
    ['sta', ['status']],
    ['status --source ', ['docs', 'guide', 'tickets']],
    ['status --source=do', ['--source=docs']],
    ['status --config qdr', ['qdrant-loader.yaml']],
  ])('%s', (line, expected) => {
    const found = lines(shell('fish', ['-c', 'qdrant-loader completion fish | source; complete -C $argv[1]', `qdrant-loader ${line}`]))
    expect(found.map((one) => one.split('\t')[0]).toSorted()).toEqual(expected)
  })

  test('it shows what each word means', () => {
    expect(shell('fish', ['-c', 'qdrant-loader completion fish | source; complete -C "qdrant-loader sync --ful"'])).toContain('--full\tList everything.')
  })
})

/** The line that zsh has after the Tab key, in a terminal of its own. */
function zsh(line: string): string {
  const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PROMPT=; autoload -U compinit; compinit -u -D; source <(qdrant-loader completion zsh); unsetopt zle_bracketed_paste'
zpty -w z 'show() { zle -I; print -r -- "LINE:$BUFFER:END" }; zle -N show; bindkey "^X" show; print -r -- READ""Y'
zpty -r -m z out '*READY*'
zpty -w -n z $'qdrant-loader '"$1"$'\\t\\x18'
zpty -r -m z out '*LINE:*:END*'
print -r -- "$out"`
  const said = shell('zsh', ['-f', '-c', script, 'zsh', line])
  return /LINE:qdrant-loader ([^]*?):END/.exec(said.replaceAll('\r', ''))?.[1] ?? said
}

describe.runIf(has('zsh'))('zsh', () => {
  test.each([
    ['sta', 'status '],
    ['status --source=do', 'status --source=docs '],
    ['status --config=bro', 'status --config=broken.yaml '],
  ])('%s', (line, expected) => {
    expect(zsh(line)).toBe(expected)
  })
})
