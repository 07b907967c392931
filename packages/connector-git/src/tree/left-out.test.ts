import { expect, it } from 'vitest'
import { leftOutKind } from './left-out.ts'

it.each([
  ['package-lock.json', 'lock_files'],
  ['apps/web/Cargo.lock', 'lock_files'],
  ['js/jquery-3.min.js', 'minified'],
  ['css/site.css.map', 'source_maps'],
  ['node_modules/a/README.md', 'vendored'],
  ['src/vendor/lib/a.go', 'vendored'],
  ['packages/a/dist/index.js', 'build_output'],
  ['test/__snapshots__/a.txt', 'snapshots'],
  ['img/logo.SVG', 'vector_graphics'],
  ['qdrant-loader.schema.json', 'own_schema'],
  ['docs/vendor.md', undefined],
  ['docs/distribution/a.md', undefined],
  ['package.json', undefined],
  ['docs/admin.js', undefined],
  ['a.map', undefined],
])('F14: %s is %s', (path, kind) => {
  expect(leftOutKind(path)).toBe(kind)
})
