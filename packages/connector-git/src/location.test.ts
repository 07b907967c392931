import { expect, it } from 'vitest'
import { placeOf, urlMaker } from './location.ts'
import { parseRemote } from './remote.ts'
import type { Remote } from './remote.ts'

function remote(baseUrl: string): Remote {
  const parsed = parseRemote(baseUrl, '/config')
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed
}

it.each([
  ['https://github.com/owner/repo.git', undefined, 'https://github.com/owner/repo/blob/HEAD/a%20b/%23c.md'],
  ['https://ada:secret@github.com/owner/repo', 'feature/x y', 'https://github.com/owner/repo/blob/feature/x%20y/a%20b/%23c.md'],
  ['git@github.com:owner/repo.git', 'main', 'https://github.com/owner/repo/blob/main/a%20b/%23c.md'],
  ['ssh://git@gitlab.example.com:2222/group/sub/repo.git', 'main', 'https://gitlab.example.com/group/sub/repo/-/blob/main/a%20b/%23c.md'],
  ['https://bitbucket.org/team/repo', undefined, 'https://bitbucket.org/team/repo/src/HEAD/a%20b/%23c.md'],
  ['https://codeberg.org/team/repo', 'main', 'https://codeberg.org/team/repo/src/branch/main/a%20b/%23c.md'],
  ['https://ada:secret@git.example.com:8443/repo.git', 'main', 'https://git.example.com:8443/repo.git#a%20b/%23c.md'],
  ['git@git.example.com:repo.git', 'main', 'ssh://git@git.example.com/repo.git#a%20b/%23c.md'],
  ['../repo', 'main', 'file:///repo/a%20b/%23c.md'],
  ['file:///srv/my%20repo', 'main', 'file:///srv/my%20repo/a%20b/%23c.md'],
])('a file of %s on %s has the address %s', (baseUrl, branch, url) => {
  expect(urlMaker(remote(baseUrl), branch)('a b/#c.md')).toBe(url)
})

it('names another place exactly when addresses differ', () => {
  const github = remote('https://github.com/owner/repo')
  expect(placeOf(github, 'main')).not.toBe(placeOf(github, 'next'))
  expect(placeOf(github, 'main')).toBe(placeOf(remote('git@github.com:owner/repo.git'), 'main'))
  const local = remote('/srv/repo')
  expect(placeOf(local, 'main')).toBe(placeOf(local, 'next'))
})
