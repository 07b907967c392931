import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { SecretVault } from '@qdrant-loader/core/secrets'
import { createLog } from './log.ts'
import type { LogLevel } from './log.ts'

function openLog(level: LogLevel = 'info') {
  const lines: string[] = []
  const vault = new SecretVault()
  const log = createLog({ vault, writeError: (text) => lines.push(text), colour: false, now: () => 0 }, level)
  return { log, lines, vault }
}

test('a record is one line of time, level, message and fields', () => {
  const { log, lines } = openLog()
  log.logger.info('batch written', { source: 'git/docs', points: 3, note: 'two words' })
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z INFO  batch written source=git/docs points=3 note="two words"\n'])
})

test('below the level nothing is written', () => {
  const { log, lines } = openLog('warn')
  log.logger.info('not this')
  log.logger.debug('nor this')
  log.logger.warn('this')
  expect(lines).toHaveLength(1)
})

test('secrets are replaced in messages, fields and errors', () => {
  const { log, lines, vault } = openLog()
  vault.add([{ value: 'hunter22' }])
  log.showErrors(true)
  log.logger.error('login with hunter22 failed', { token: 'hunter22', error: new Error('401 for hunter22') })
  expect(lines.join('')).not.toContain('hunter22')
  expect(lines.join('')).toContain('401 for ***')
})

test('control characters in a name cannot reach the terminal', () => {
  const { log, lines } = openLog()
  log.logger.info('read a\u001b[2Jb\nc', { file: 'x\u001b]0;title\u0007', list: ['a\u009b2J', '\u202egnp'] })
  log.configure({ level: 'info', format: 'json', file: undefined })
  log.logger.info('read a\u009b2J\u202egnp')
  expect(lines).toHaveLength(2)
  for (const line of lines) expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u202e]/u)
})

test('with the json format a record is one JSON object', () => {
  const { log, lines } = openLog()
  log.configure({ level: 'debug', format: 'json', file: undefined })
  log.logger.debug('looked', { documents: 2 })
  expect(JSON.parse(lines[0] ?? '')).toEqual({ level: 'debug', time: '1970-01-01T00:00:00.000Z', documents: 2, msg: 'looked' })
})

test('with a file records are appended to it, in folders that are made for it', () => {
  const { log, lines } = openLog()
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-log-')), 'a', 'b.log')
  for (const message of ['first', 'second']) {
    log.configure({ level: 'info', format: 'text', file })
    log.logger.info(message)
    log.close()
  }
  expect(readFileSync(file, 'utf8')).toMatch(/first\n.*second\n$/)
  expect(lines).toEqual([])
})

test.runIf(process.platform === 'linux')('a disk that is full ends the file, says so once, and nothing else', () => {
  const { log, lines } = openLog()
  log.configure({ level: 'info', format: 'text', file: '/dev/full' })
  log.logger.warn('one')
  log.logger.warn('two')
  expect(lines).toEqual([expect.stringMatching(/^The log file \/dev\/full is no longer written: ENOSPC/), expect.stringContaining('two')])
})

test('a record takes whatever a connector gives it, as text and as JSON', () => {
  const { log, lines } = openLog()
  const fields = { at: new Date(0), size: 12n, none: undefined, nested: { size: 3n, list: [1, null] }, call: () => 1 }
  log.logger.info('odd', fields)
  log.configure({ level: 'info', format: 'json', file: undefined })
  log.logger.info('odd', fields)
  expect(lines[0]).toContain(' odd at=1970-01-01T00:00:00.000Z size=12 nested={"size":"3","list":[1,null]} call=function\n')
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ at: '1970-01-01T00:00:00.000Z', size: '12', nested: { size: '3', list: [1, null] }, msg: 'odd' })
})

test('a file that cannot be opened is an error of the configuration', () => {
  const { log } = openLog()
  const blocked = path.join(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-log-')), 'file')
  writeFileSync(blocked, '')
  const configure = () => log.configure({ level: 'info', format: 'text', file: path.join(blocked, 'x.log') })
  expect(configure).toThrow(expect.objectContaining({ code: 'log_file_unusable', kind: 'config' }))
})

test('while a display is shown, lines and notices go through it', () => {
  const { log, lines } = openLog()
  const shown: string[] = []
  log.divert((line) => shown.push(line))
  log.logger.warn('above the display')
  log.notice('Stopping\n')
  log.divert(undefined)
  log.logger.info('straight')
  expect(shown).toEqual([expect.stringContaining('above the display'), 'Stopping\n'])
  expect(lines).toHaveLength(1)
})

test('a quiet log shows warnings and progress; as JSON and in a file it has everything', () => {
  const { log, lines } = openLog()
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-log-')), 'all.log')
  const talk = (settings: { format: 'text' | 'json'; file?: string }) => {
    log.configure({ level: 'info', file: undefined, quiet: true, ...settings })
    log.logger.info('run started')
    log.report('sync goes on')
    log.logger.warn('document failed')
    log.close()
  }
  talk({ format: 'text' })
  expect(lines.map((line) => line.trimEnd().slice(25))).toEqual(['INFO  sync goes on', 'WARN  document failed'])
  talk({ format: 'json' })
  expect(lines).toHaveLength(5)
  talk({ format: 'text', file })
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3)
  log.configure({ level: 'warn', format: 'text', file: undefined, quiet: true })
  log.report('below the level that was set')
  expect(lines).toHaveLength(5)
})

test('an error that the command will print is not logged beside it, but in JSON and with debug', () => {
  const { log, lines } = openLog()
  log.logger.error('run failed')
  expect(lines).toEqual([])
  log.configure({ level: 'info', format: 'json', file: undefined })
  log.logger.error('run failed')
  log.configure({ level: 'debug', format: 'text', file: undefined })
  log.logger.error('run failed')
  expect(lines).toHaveLength(2)
})
