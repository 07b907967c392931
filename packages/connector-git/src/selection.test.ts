import { expect, it } from 'vitest'
import { pathSelection } from './selection.ts'

it.each([
  ['docs', 'docs/a/b.md', true],
  ['docs/', 'docs/a.md', true],
  ['./docs/**', 'docs/.hidden/a.md', true],
  ['/docs/*.md', 'docs/a.md', true],
  ['docs/*.md', 'docs/a/b.md', false],
  ['*.md', 'docs/a.md', false],
  ['**/*.md', 'a.md', true],
  ['.', 'any/thing', true],
  ['{docs,src}/**', 'src/a.ts', true],
])('the path %s includes %s: %s', (pattern, path, included) => {
  expect(pathSelection({ include_paths: [pattern] })(path)).toBe(included)
})

it('exclusion wins, and file types look at the name alone', () => {
  const selects = pathSelection({ include_paths: ['docs'], exclude_paths: ['docs/old'], file_types: ['*.md', 'LICENSE'] })
  expect(['docs/a.md', 'docs/A.MD', 'docs/license', 'docs/a.txt', 'docs/old/a.md', 'a.md'].map(selects)).toEqual([true, true, true, false, false, false])
})
