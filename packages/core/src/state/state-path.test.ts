import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/state/test-state.ts'
import { isWritableFolder, resolveStatePath, type StatePathInput } from './state-path.ts'

const LINUX: StatePathInput = {
  env: {},
  platform: 'linux',
  homedir: '/home/ada',
  configFile: '/srv/handbook/qdrant-loader.yaml',
  isWritable: () => true,
}

describe('where the state file is', () => {
  it('takes STATE_DB_PATH before everything else', () => {
    const env = { STATE_DB_PATH: '/var/state.db', XDG_STATE_HOME: '/xdg' }
    expect(resolveStatePath({ ...LINUX, env, databasePath: '/other.db' })).toEqual({
      path: '/var/state.db',
      origin: 'environment',
    })
  })

  it('does not take an empty STATE_DB_PATH for a path', () => {
    expect(resolveStatePath({ ...LINUX, env: { STATE_DB_PATH: '' } }).origin).toBe('user')
  })

  it('reads relative paths from the folder of the configuration file, wherever they were written', () => {
    expect(resolveStatePath({ ...LINUX, env: { STATE_DB_PATH: 'a.db' } }).path).toBe('/srv/handbook/a.db')
    expect(resolveStatePath({ ...LINUX, databasePath: '../b.db' }).path).toBe('/srv/b.db')
    expect(resolveStatePath({ ...LINUX, databaseUrl: 'sqlite:///c.db' }).path).toBe('/srv/handbook/c.db')
  })

  it('reads ~/ as the home', () => {
    expect(resolveStatePath({ ...LINUX, databasePath: '~/state.db' }).path).toBe('/home/ada/state.db')
  })

  it('reads a URL with four slashes as absolute', () => {
    expect(resolveStatePath({ ...LINUX, databaseUrl: 'sqlite:////var/c.db' })).toEqual({
      path: '/var/c.db',
      origin: 'database_url',
    })
  })

  it('reads a drive in a URL on Windows', () => {
    const input = { ...LINUX, platform: 'win32', configFile: 'D:\\conf\\q.yaml' } as const
    expect(resolveStatePath({ ...input, databaseUrl: 'sqlite:///C:/data/c.db' }).path).toBe('C:\\data\\c.db')
    expect(resolveStatePath({ ...input, databaseUrl: 'sqlite:////C:/data/c.db' }).path).toBe('C:\\data\\c.db')
    expect(resolveStatePath({ ...input, databaseUrl: 'sqlite:///c.db' }).path).toBe('D:\\conf\\c.db')
  })

  it.each(['postgresql://ada:secret@db/state', 'sqlite://', 'sqlite:///', 'state.db', 'sqlite:///a.db?mode=ro'])(
    'refuses the URL %s without repeating what may be secret in it',
    (databaseUrl) => {
      const resolving = () => resolveStatePath({ ...LINUX, databaseUrl })
      expect(resolving).toThrow(expect.objectContaining({ code: 'state_path_invalid', kind: 'config' }))
      expect(resolving).not.toThrow(/secret/)
    },
  )

  it('refuses a path and a URL at once', () => {
    expect(() => resolveStatePath({ ...LINUX, databasePath: 'a.db', databaseUrl: 'sqlite:///b.db' })).toThrow(
      expect.objectContaining({ code: 'state_path_invalid' }),
    )
  })

  it.each([
    ['linux', {}, /^\/home\/ada\/\.local\/state\/qdrant-loader\/handbook-[0-9a-f]{12}\.db$/],
    ['linux', { XDG_STATE_HOME: '/xdg' }, /^\/xdg\/qdrant-loader\/handbook-[0-9a-f]{12}\.db$/],
    ['linux', { XDG_STATE_HOME: 'relative' }, /^\/home\/ada\/\.local\/state\/qdrant-loader\//],
    ['darwin', {}, /^\/home\/ada\/Library\/Application Support\/qdrant-loader\/handbook-[0-9a-f]{12}\.db$/],
  ] as const)('is in the state folder of the user (%s, %o)', (platform, env, expected) => {
    const found = resolveStatePath({ ...LINUX, platform, env })
    expect(found.path).toMatch(expected)
    expect(found.origin).toBe('user')
  })

  it('is in the local application data on Windows', () => {
    const windows = { ...LINUX, platform: 'win32', homedir: 'C:\\Users\\ada', configFile: 'D:\\handbook\\q.yaml' } as const
    expect(resolveStatePath({ ...windows, env: { LOCALAPPDATA: 'E:\\local' } }).path).toMatch(
      /^E:\\local\\qdrant-loader\\handbook-[0-9a-f]{12}\.db$/,
    )
    expect(resolveStatePath(windows).path).toMatch(/^C:\\Users\\ada\\AppData\\Local\\qdrant-loader\\handbook-/)
  })

  it('is another file for another configuration, and the same for the same', () => {
    const first = resolveStatePath(LINUX).path
    expect(resolveStatePath(LINUX).path).toBe(first)
    expect(resolveStatePath({ ...LINUX, configFile: '/srv/handbook/other.yaml' }).path).not.toBe(first)
    expect(resolveStatePath({ ...LINUX, configFile: '/home/handbook/qdrant-loader.yaml' }).path).not.toBe(first)
  })

  it('is beside the configuration where the folder of the user cannot be written, or there is no user', () => {
    const beside = { path: '/srv/handbook/qdrant-loader.state.db', origin: 'beside-configuration' }
    expect(resolveStatePath({ ...LINUX, isWritable: (folder) => folder.startsWith('/srv') })).toEqual(beside)
    expect(resolveStatePath({ ...LINUX, homedir: '' })).toEqual(beside)
  })

  it('is never inside node_modules unless somebody says so', () => {
    const installed = { ...LINUX, configFile: '/srv/node_modules/pkg/qdrant-loader.yaml' }
    expect(resolveStatePath(installed).path).toMatch(/^\/home\/ada\//)
    const noHome = { ...installed, homedir: undefined }
    expect(() => resolveStatePath(noHome)).toThrow(expect.objectContaining({ code: 'state_unwritable', kind: 'config' }))
    expect(() => resolveStatePath({ ...installed, homedir: '/srv/node_modules' })).toThrow(
      expect.objectContaining({ code: 'state_unwritable' }),
    )
  })

  it('says what to do when there is no place', () => {
    expect(() => resolveStatePath({ ...LINUX, isWritable: () => false })).toThrow(
      expect.objectContaining({ code: 'state_unwritable', hint: expect.stringContaining('STATE_DB_PATH') }),
    )
  })
})

describe('whether a folder can be written', () => {
  it('asks the nearest folder that exists', () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'there'))
    writeFileSync(join(folder.path, 'file'), '')
    expect(isWritableFolder(join(folder.path, 'there'))).toBe(true)
    expect(isWritableFolder(join(folder.path, 'not', 'yet', 'there'))).toBe(true)
    expect(isWritableFolder(join(folder.path, 'file', 'below'))).toBe(false)
  })
})
