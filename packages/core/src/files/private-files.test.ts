import { existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePrivateFile, makePrivateFolder } from './private-files.ts'

let folder: string
let umask: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qdrant-loader-files-'))
  umask = process.umask(0)
})
afterEach(() => void process.umask(umask))

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

describe.runIf(process.platform !== 'win32')('H5: whatever the umask,', () => {
  it('folders are for this user alone, and those that were there stay as they are', () => {
    const given = join(folder, 'given')
    mkdirSync(given, { mode: 0o755 })
    makePrivateFolder(join(given, 'a', 'b'))
    makePrivateFolder(join(given, 'a', 'b'))
    expect([given, join(given, 'a'), join(given, 'a', 'b')].map(modeOf)).toEqual(['755', '700', '700'])
  })

  it('files are for this user alone, and one that was there stays as it is', () => {
    const [fresh, given] = [join(folder, 'fresh'), join(folder, 'given')]
    writeFileSync(given, 'kept', { mode: 0o644 })
    for (const file of [fresh, given]) makePrivateFile(file)
    expect([fresh, given].map(modeOf)).toEqual(['600', '644'])
    expect(statSync(given).size).toBe(4)
  })
})

describe('U16: a folder that cannot be made', () => {
  it.runIf(existsSync('/proc/self'))('below /proc is an error at once', () => {
    expect(() => makePrivateFolder('/proc/x/y/z')).toThrow(/ENOENT/)
    expect(() => makePrivateFolder('/proc/self/x/y')).toThrow(/ENOENT/)
  })

  it('below a file, or at a link that leads nowhere, is an error at once', () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'nowhere', 'x'), join(folder, 'link'))
    expect(() => makePrivateFolder(join(folder, 'file', 'a', 'b'))).toThrow(/EEXIST|ENOTDIR/)
    expect(() => makePrivateFolder(join(folder, 'link', 'a'))).toThrow(/EEXIST/)
  })
})
