import { execFileSync } from 'node:child_process'
import { GitSimulator } from '@qdrant-loader/simulators'
import { beforeEach, expect, test } from 'vitest'
import { createEffectsWorld } from './command-line.ts'
import type { EffectsWorld } from './command-line.ts'
import { installProbe } from './probe.ts'

let world: EffectsWorld
beforeEach(() => {
  world = createEffectsWorld()
})

const GLOBAL = `global:
  embedding: { provider: hash, dimensions: 16 }
  state_management: { database_path: ./state.db }
  ingestion: { batch: { retry_attempts: 0 } }
`

test('projects.display_name and description are shown by status and config show', async () => {
  world.configure(`${GLOBAL}projects:
  handbook:
    display_name: The Handbook
    description: What everybody should know.
    sources: { git: { docs: { base_url: ./repository } } }
  plain:
    sources: { git: { docs: { base_url: ./repository } } }
`)
  for (const words of [['status'], ['config', 'show']]) {
    const { stdout } = await world.run(words)
    expect(stdout).toMatch(/handbook:[^]*The Handbook[^]*What everybody should know\./)
  }
  expect((await world.run(['status', '--project', 'plain'])).stdout).not.toContain('Handbook')
  expect(await world.json(['status'])).toMatchObject({
    projects: [
      { project: 'handbook', display_name: 'The Handbook', description: 'What everybody should know.' },
      { project: 'plain', display_name: 'plain', description: null },
    ],
  })
})

test('defaults hold for all sources of a type, and config show prints what is in force', async () => {
  world.configure(`${GLOBAL}x-texts: &texts { file_types: "*.txt" }
defaults: { git: { base_url: ./repository, file_types: "*.md" } }
projects: { other: { sources: { git: { pages: } } } }
sources:
  git:
    pages: {}
    texts: { <<: *texts }
`)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  expect(await world.documents(['--source', 'pages'])).toEqual(['guide.md'])
  expect(await world.documents(['--source', 'texts'])).toEqual(['notes.txt'])
  const { stdout } = await world.run(['config', 'show'])
  expect(stdout.match(/base_url: \.\/repository/g)).toHaveLength(3)
})

test('host_type and url_template of git say how links are written', async () => {
  const server = await GitSimulator.start(`${world.repository}/.git`)
  try {
    world.configure(`${GLOBAL}defaults: { git: { base_url: "${server.url}", file_types: "guide.*" } }
sources:
  git:
    plain: {}
    hosted: { host_type: gitlab }
    templated: { host_type: gitlab, url_template: "https://docs.example.com/{stem}" }
`)
    await world.run(['sync'])
    const links = (await world.points()).map(({ payload }) => [payload.source, payload.url] as const)
    expect(Object.fromEntries(links)).toEqual({
      plain: `${server.url}#guide.md`,
      hosted: `${server.origin}/team/repo/-/blob/HEAD/guide.md`,
      templated: 'https://docs.example.com/guide',
    })
  } finally {
    await server.close()
  }
})

test('include_drafts and notebook_outputs of git say what is indexed of a file', async () => {
  const cells = [{ cell_type: 'code', source: 'print(6 * 7)', outputs: [{ output_type: 'stream', text: '42\n' }] }]
  world.commit({ 'draft.md': '---\ndraft: true\n---\nNot yet.\n', 'sums.ipynb': JSON.stringify({ metadata: {}, cells }) })
  world.configure(`${GLOBAL}defaults: { git: { base_url: ./repository, include_paths: [draft.md, sums.ipynb] } }
sources: { git: { plain: {}, all: { include_drafts: true, notebook_outputs: true } } }
`)
  expect(await world.json(['sync'])).toMatchObject({ sources: [{ source: 'plain', skipped: { draft: 1 } }, { source: 'all', skipped: {} }] })
  const texts = (await world.points()).map(({ payload }) => `${String(payload.source)}: ${String(payload.content)}`)
  expect(texts.sort()).toEqual(['all: Not yet.', 'all: ```python\nprint(6 * 7)\n```\n\n```text\n42\n```', 'plain: ```python\nprint(6 * 7)\n```'])
})

test('F14: leave_out of git: lock_files, minified, source_maps, vendored, build_output, snapshots, vector_graphics, own_schema, marked', async () => {
  const files: Readonly<Record<string, string>> = {
    lock_files: 'package-lock.json',
    minified: 'js/site.min.js',
    source_maps: 'js/site.js.map',
    vendored: 'vendor/lib/README.md',
    build_output: 'dist/index.md',
    snapshots: 'test/__snapshots__/a.txt',
    vector_graphics: 'logo.svg',
    own_schema: 'qdrant-loader.schema.json',
    marked: 'api/made.md',
  }
  world.commit({ '.gitattributes': 'api/* linguist-generated\n', ...Object.fromEntries(Object.values(files).map((file) => [file, 'Some words.\n'])) })
  const sources = Object.keys(files).map((key) => `    ${key}: { leave_out: { ${key}: false } }\n`)
  world.configure(`${GLOBAL}defaults: { git: { base_url: ./repository, exclude_paths: [.gitattributes, guide.md, notes.txt] } }
sources:
  git:
    plain: {}
${sources.join('')}`)
  await world.run(['sync'])
  expect(await world.documents(['--source', 'plain'])).toEqual([])
  for (const [key, file] of Object.entries(files)) expect(await world.documents(['--source', key]), key).toEqual([file])
  expect(await world.json(['status'])).toBeDefined()
  expect((await world.run(['config', 'show'])).stdout).toMatch(/leave_out:\n +lock_files: true\n +minified: true/)
})

test('max_files refuses a repository with more files, and no other source', async () => {
  world.configure(`${GLOBAL}sources:
  git:
    few: { base_url: ./repository, max_files: 1 }
    enough: { base_url: ./repository, max_files: 2 }
`)
  expect(await world.json(['sync'])).toMatchObject({
    code: 2,
    sources: [{ source: 'few', error: { code: 'git_too_many_files' } }, { source: 'enough', status: 'succeeded' }],
  })
})

test('the id of a project stands in every point, and top-level sources are the project default', async () => {
  world.configure(`${GLOBAL}projects: { handbook: { sources: { git: { docs: { base_url: ./repository } } } } }
sources: { git: { docs: { base_url: ./repository } } }
`)
  await world.run(['sync'])
  expect([...new Set((await world.points()).map(({ payload }) => payload.project_id))].sort()).toEqual(['default', 'handbook'])
})

test('package names the connector of a source', async () => {
  const probe = installProbe(world)
  world.configure(`${GLOBAL}sources: { probe: { docs: { package: probe-connector } } }\n`)
  await world.run(['sync'])
  expect(probe.detections).toHaveLength(1)
  world.configure(`${GLOBAL}sources: { probe: { docs: {} } }\n`)
  expect(await world.json(['sync'])).toMatchObject({ code: 2, error: { code: 'connector_missing' } })
})

test('ref, branch, include_paths, exclude_paths, file_types and max_file_size of git select what is read', async () => {
  world.commit({ 'docs/a.md': 'A.\n', 'docs/old/b.md': 'B.\n', 'docs/large.md': `${'Many words. '.repeat(400)}\n` })
  const git = (...words: string[]) => execFileSync('git', ['-C', world.repository, ...words], { stdio: 'ignore' })
  git('tag', 'v1', 'HEAD~1')
  git('checkout', '-b', 'next')
  world.commit({ 'next.md': 'Next.\n' })
  git('checkout', 'main')
  const options = {
    all: '',
    next: ', branch: next, file_types: "next.*"',
    tagged: ', ref: v1',
    included: ', include_paths: docs',
    excluded: ', exclude_paths: ["docs/old", "*.txt"]',
    typed: ', file_types: "*.txt"',
    small: ', include_paths: docs, max_file_size: 1KB',
  }
  const sources = Object.entries(options).map(([name, more]) => `    ${name}: { base_url: ./repository${more} }\n`)
  world.configure(`${GLOBAL}sources:\n  git:\n${sources.join('')}`)
  expect(await world.json(['sync'])).toMatchObject({ code: 0 })
  const read = await Promise.all(Object.keys(options).map(async (name) => [name, await world.documents(['--source', name])]))
  expect(Object.fromEntries(read)).toEqual({
    all: ['docs/a.md', 'docs/large.md', 'docs/old/b.md', 'guide.md', 'notes.txt'],
    next: ['next.md'],
    tagged: ['guide.md', 'notes.txt'],
    included: ['docs/a.md', 'docs/large.md', 'docs/old/b.md'],
    excluded: ['docs/a.md', 'docs/large.md', 'guide.md'],
    typed: ['notes.txt'],
    small: ['docs/a.md', 'docs/old/b.md'],
  })
})

test('base_url of git is a path, a file URL or a server, which gets the token', async () => {
  const server = await GitSimulator.start(`${world.repository}/.git`)
  try {
    server.credentials = { username: 'x-access-token', password: 'the-token' }
    world.configure(`${GLOBAL}sources:
  git:
    path: { base_url: ./repository }
    file: { base_url: "file://${world.repository}" }
    served: { base_url: "${server.url}", token: the-token }
    refused: { base_url: "${server.url}", token: another-token }
`)
    const report = await world.json(['sync'])
    expect(report.code).toBe(3)
    for (const source of ['path', 'file', 'served']) expect(await world.documents(['--source', source])).toEqual(['guide.md', 'notes.txt'])
    expect(await world.documents(['--source', 'refused'])).toEqual([])
    expect(JSON.stringify(report)).not.toContain('another-token')
  } finally {
    await server.close()
  }
})
