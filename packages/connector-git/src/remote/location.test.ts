import { expect, it } from 'vitest'
import { placeOf, templateProblem, urlMaker } from './location.ts'
import type { LinkOptions } from './location.ts'
import { linkedRef } from './ref-name.ts'
import { parseRemote } from './remote.ts'

function link(baseUrl: string, full: string, id: string, options?: LinkOptions): string {
  const parsed = parseRemote(baseUrl, '/config')
  if ('problem' in parsed) throw new Error(parsed.problem)
  return urlMaker(parsed, linkedRef(full), options)(id)
}

const MAIN = 'refs/heads/main'
const FEATURE = 'refs/heads/feature/x y'
const TAG = 'refs/tags/v1.0'
const COMMIT = 'c'.repeat(40)

it.each([
  ['https://github.com/owner/repo.git', 'HEAD', 'https://github.com/owner/repo/blob/HEAD/a%20b/%23c.md'],
  ['https://ada:secret@github.com/owner/repo', FEATURE, 'https://github.com/owner/repo/blob/feature/x%20y/a%20b/%23c.md'],
  ['git@github.com:owner/repo.git', MAIN, 'https://github.com/owner/repo/blob/main/a%20b/%23c.md'],
  ['ssh://git@ssh.github.com:443/owner/repo.git', TAG, 'https://github.com/owner/repo/blob/v1.0/a%20b/%23c.md'],
  ['https://github.example.com/owner/repo', COMMIT, `https://github.example.com/owner/repo/blob/${COMMIT}/a%20b/%23c.md`],
  ['ssh://git@gitlab.example.com:2222/group/sub/repo.git', MAIN, 'https://gitlab.example.com/group/sub/repo/-/blob/main/a%20b/%23c.md'],
  ['https://bitbucket.org/team/repo', 'HEAD', 'https://bitbucket.org/team/repo/src/HEAD/a%20b/%23c.md'],
  ['https://ada@bitbucket.org/team/repo.git', FEATURE, 'https://bitbucket.org/team/repo/src/feature%2Fx%20y/a%20b/%23c.md'],
  ['https://git.example.com/scm/PROJ/repo.git', 'HEAD', 'https://git.example.com/projects/PROJ/repos/repo/browse/a%20b/%23c.md'],
  ['https://git.example.com/context/scm/PROJ/repo.git', FEATURE, 'https://git.example.com/context/projects/PROJ/repos/repo/browse/a%20b/%23c.md?at=refs%2Fheads%2Ffeature%2Fx%20y'],
  ['https://git.example.com/scm/~ada/repo.git', TAG, 'https://git.example.com/users/ada/repos/repo/browse/a%20b/%23c.md?at=refs%2Ftags%2Fv1.0'],
  ['ssh://git@bitbucket.example.com:7999/PROJ/repo.git', COMMIT, `https://bitbucket.example.com/projects/PROJ/repos/repo/browse/a%20b/%23c.md?at=${COMMIT}`],
  ['https://org@dev.azure.com/org/project/_git/repo', MAIN, 'https://dev.azure.com/org/project/_git/repo?path=%2Fa%20b%2F%23c.md&version=GBmain'],
  ['https://org.visualstudio.com/project/_git/repo', TAG, 'https://org.visualstudio.com/project/_git/repo?path=%2Fa%20b%2F%23c.md&version=GTv1.0'],
  ['git@ssh.dev.azure.com:v3/org/project/repo', 'HEAD', 'https://dev.azure.com/org/project/_git/repo?path=%2Fa%20b%2F%23c.md'],
  ['https://tfs.example.com/tfs/Collection/project/_git/repo', COMMIT, `https://tfs.example.com/tfs/Collection/project/_git/repo?path=%2Fa%20b%2F%23c.md&version=GC${COMMIT}`],
  ['https://codeberg.org/team/repo', MAIN, 'https://codeberg.org/team/repo/src/branch/main/a%20b/%23c.md'],
  ['https://gitea.example.com/team/repo', TAG, 'https://gitea.example.com/team/repo/src/tag/v1.0/a%20b/%23c.md'],
  ['https://forgejo.example.com/team/repo', COMMIT, `https://forgejo.example.com/team/repo/src/commit/${COMMIT}/a%20b/%23c.md`],
  ['https://git.sr.ht/~ada/repo', 'HEAD', 'https://git.sr.ht/~ada/repo/tree/HEAD/item/a%20b/%23c.md'],
  ['https://ada:secret@git.example.com:8443/repo.git', MAIN, 'https://git.example.com:8443/repo.git#a%20b/%23c.md'],
  ['git@git.example.com:repo.git', MAIN, 'ssh://git@git.example.com/repo.git#a%20b/%23c.md'],
  ['../repo', MAIN, 'file:///repo/a%20b/%23c.md'],
  ['file:///srv/my%20repo', MAIN, 'file:///srv/my%20repo/a%20b/%23c.md'],
])('G7: a file of %s at %s has the address %s', (baseUrl, full, url) => {
  expect(link(baseUrl, full, 'a b/#c.md')).toBe(url)
})

it.each([
  ['https://github.com/owner/repo.wiki.git', 'How-to.md', 'https://github.com/owner/repo/wiki/How-to'],
  ['https://github.com/owner/repo.wiki.git', 'guides/How-to.asciidoc', 'https://github.com/owner/repo/wiki/How-to'],
  ['https://github.com/owner/repo.wiki.git', 'images/a b.png', 'https://github.com/owner/repo/wiki/images/a%20b.png'],
  ['https://gitlab.com/group/sub/repo.wiki.git', 'guides/How to.md', 'https://gitlab.com/group/sub/repo/-/wikis/guides/How%20to'],
  ['git@codeberg.org:team/repo.wiki.git', 'Home.md', 'https://codeberg.org/team/repo/wiki/Home'],
])('G7: in the wiki %s, %s has the address %s', (baseUrl, id, url) => {
  expect(link(baseUrl, 'HEAD', id)).toBe(url)
})

it('G7: host_type says what the name does not, and url_template the rest', () => {
  const base = 'https://code.example.com/team/repo.git'
  expect(link(base, MAIN, 'a.md')).toBe('https://code.example.com/team/repo.git#a.md')
  expect(link(base, MAIN, 'a.md', { hostType: 'gitlab' })).toBe('https://code.example.com/team/repo/-/blob/main/a.md')
  expect(link(base, TAG, 'a.md', { hostType: 'forgejo' })).toBe('https://code.example.com/team/repo/src/tag/v1.0/a.md')
  expect(link('ssh://git@code.example.com:7999/PROJ/repo.git', 'HEAD', 'a.md', { hostType: 'bitbucket-datacenter' })).toBe('https://code.example.com/projects/PROJ/repos/repo/browse/a.md')
  const template = 'https://docs.example.com/{ref}/{stem}?from={path}#{name}'
  expect(link(base, FEATURE, 'a b/c.d.md', { hostType: 'gitlab', template })).toBe('https://docs.example.com/feature/x%20y/a%20b/c.d?from=a%20b/c.d.md#c.d.md')
  expect(link('/srv/repo', MAIN, 'a.md', { template: 'https://x/{path}' })).toBe('https://x/a.md')
  expect(link(base, MAIN, 'a/.env', { template: 'https://x/{stem}' })).toBe('https://x/a/.env')
  expect(link(base, MAIN, 'a#b/ü%.md', { template: 'https://x/{stem}' })).toBe('https://x/a%23b/%C3%BC%25')
  for (const wrong of ['https://x/{file}', 'https://x/', '{path}', 'no url/{path}']) expect(templateProblem(wrong)).toBeDefined()
  expect(templateProblem(template)).toBeUndefined()
})

it('names another place exactly when addresses differ', () => {
  const place = (baseUrl: string, full: string) => placeOf((id) => link(baseUrl, full, id))
  const github = 'https://github.com/owner/repo'
  expect(place(github, MAIN)).not.toBe(place(github, FEATURE))
  expect(place(github, MAIN)).toBe(place('git@github.com:owner/repo.git', MAIN))
  expect(place('/srv/repo', MAIN)).toBe(place('/srv/repo', FEATURE))
})
