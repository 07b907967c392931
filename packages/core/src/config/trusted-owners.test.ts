import { mkdirSync, mkdtempSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadSettings } from './load-settings.ts'
import { SAFE_DIRECTORIES, strangerOf, trustedOwners } from './trusted-owners.ts'

const YAML = 'sources: {}\n'

let root: string
let project: string
/** Files of these tests belong to whoever runs them; somebody else is asked about them. */
let owner: number
const SOMEBODY = 54_321

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'qdrant-loader-owners-')))
  project = join(root, 'project')
  mkdirSync(project)
  owner = statSync(root).uid
})

/** What the rule says of a file, with an owner of its own choosing (root owns every file where root runs the tests). */
function ownersFor(env: Readonly<Record<string, string>> = {}, uid = SOMEBODY) {
  const trusted = trustedOwners({ uid, env, cwd: root })
  if (trusted === undefined) throw new Error('there are user ids')
  return owner === 0 ? { ...trusted, uids: new Set([...trusted.uids].filter((id) => id !== 0)) } : trusted
}

describe('H6: a configuration that was found', () => {
  const load = (options: Partial<Parameters<typeof loadSettings>[0]> = {}) => loadSettings({ cwd: project, env: {}, owners: ownersFor(), ...options })

  it('in a parent folder and belongs to somebody else is refused, with one message that says how to allow it', async () => {
    writeFileSync(join(root, 'qdrant-loader.yaml'), YAML)
    await expect(load()).rejects.toMatchObject({
      code: 'config_foreign_owner',
      message: expect.stringContaining(`belongs to another user (id ${owner})`),
      hint: expect.stringMatching(/QDRANT_LOADER_SAFE_DIRECTORIES=.*--config/),
    })
  })

  it('is used when its folder is named as safe, when it is named itself, or when the user owns it', async () => {
    writeFileSync(join(root, 'qdrant-loader.yaml'), YAML)
    const file = join(root, 'qdrant-loader.yaml')
    for (const safe of [root, '*', `/somewhere${delimiter}${root}`, '.']) {
      expect((await load({ owners: ownersFor({ [SAFE_DIRECTORIES]: safe }) })).file).toBe(file)
    }
    expect((await load({ path: '../qdrant-loader.yaml' })).file).toBe(file)
    expect((await load({ env: { QDRANT_LOADER_CONFIG: file } })).file).toBe(file)
    expect((await load({ owners: { ...ownersFor(), uids: new Set([owner]) } })).file).toBe(file)
    await expect(load({ owners: ownersFor({ [SAFE_DIRECTORIES]: `${root}x${delimiter}${project}` }) })).rejects.toThrow('another user')
  })

  it('beside an .env of somebody else is refused, too', async () => {
    writeFileSync(join(root, 'qdrant-loader.yaml'), YAML)
    writeFileSync(join(root, '.env'), 'A=b\n')
    const owners = ownersFor({ [SAFE_DIRECTORIES]: join(root, 'qdrant-loader.yaml') })
    await expect(load({ owners })).rejects.toMatchObject({ code: 'config_foreign_owner', message: expect.stringContaining('.env') })
  })
})

it('H6: the user, root, and behind sudo its caller are trusted; without user ids everybody is', () => {
  expect(trustedOwners({ uid: 1000, env: { SUDO_UID: '7' }, cwd: root })?.uids).toEqual(new Set([1000, 0]))
  expect(trustedOwners({ uid: 0, env: { SUDO_UID: '1000' }, cwd: root })?.uids).toEqual(new Set([0, 1000]))
  expect(trustedOwners({ uid: 0, env: { SUDO_UID: 'x' }, cwd: root })?.uids).toEqual(new Set([0]))
  expect(trustedOwners({ uid: undefined, env: {}, cwd: root })).toBeUndefined()
})

it('H6: a link in a trusted folder that leads out of it is looked at where it ends', async () => {
  const outside = realpathSync(mkdtempSync(join(tmpdir(), 'qdrant-loader-outside-')))
  writeFileSync(join(outside, 'x'), '')
  symlinkSync(join(outside, 'x'), join(root, 'link'))
  expect(await strangerOf(join(root, 'link'), ownersFor({ [SAFE_DIRECTORIES]: root }))).toBe(owner)
  expect(await strangerOf(join(root, 'nothing'), ownersFor())).toBeUndefined()
})
