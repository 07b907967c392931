import { expect, it } from 'vitest'
import { parseRemote } from './remote.ts'

function problem(baseUrl: string): string | undefined {
  const parsed = parseRemote(baseUrl, '/config')
  return 'problem' in parsed ? parsed.problem : undefined
}

it.each([
  ['https://github.com/o/r/tree/main/docs', 'base_url: https://github.com/o/r, ref: main, include_paths: docs'],
  ['https://github.com/o/r/blob/v1/docs/a%20b.md?plain=1#L3', 'base_url: https://github.com/o/r, ref: v1, include_paths: docs/a b.md'],
  ['https://github.com/o/r/tree/HEAD', 'base_url: https://github.com/o/r'],
  ['https://github.com/o/r/issues/12', 'base_url: https://github.com/o/r'],
  ['https://github.com/o/r/wiki/Home', 'base_url: https://github.com/o/r.wiki.git'],
  ['https://git.example.com/o/r/tree/main/docs', 'base_url: https://git.example.com/o/r, ref: main, include_paths: docs'],
  ['https://gitlab.com/g/s/r/-/tree/main/docs?ref_type=heads', 'base_url: https://gitlab.com/g/s/r, ref: main, include_paths: docs'],
  ['https://gitlab.example.com/g/r/-/issues', 'base_url: https://gitlab.example.com/g/r'],
  ['https://bitbucket.org/t/r/src/main/docs/', 'base_url: https://bitbucket.org/t/r, ref: main, include_paths: docs'],
  ['https://codeberg.org/t/r/src/branch/main/docs', 'base_url: https://codeberg.org/t/r, ref: main, include_paths: docs'],
  ['https://bb.example.com/ctx/projects/PROJ/repos/r/browse/docs?at=refs%2Fheads%2Fmain', 'base_url: https://bb.example.com/ctx/scm/PROJ/r.git, ref: refs/heads/main, include_paths: docs'],
  ['https://dev.azure.com/o/p/_git/r?path=/docs&version=GBmain', 'base_url: https://dev.azure.com/o/p/_git/r, ref: main, include_paths: docs'],
  ['https://git.sr.ht/~a/r/tree/master/item/docs', 'base_url: https://git.sr.ht/~a/r, ref: master, include_paths: docs'],
])('G6: %s is told to be written as %s', (pasted, written) => {
  expect(problem(pasted)).toBe(`is a page of a repository, not the repository; write ${written}`)
})

it.each(['https://github.com/owner', 'https://gitlab.com', 'https://codeberg.org/team/'])('G6: %s is no repository', (address) => {
  expect(problem(address)).toMatch(/names (?:an owner|a server) on \S+, not a repository/)
})

it.each(['https://github.com/o/r', 'https://github.com/o/r.git/', 'https://gitlab.com/team/tools/tree/main', 'https://git.example.com/r', 'https://git.example.com/tree/blob.git', 'https://dev.azure.com/o/p/_git/r', 'https://bitbucket.example.com/scm/P/r.git'])(
  'G6: %s may be a repository',
  (address) => expect(problem(address)).toBeUndefined(),
)
