import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { builtPackageProblems } from './built-package.ts'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'built-package-'))
  mkdirSync(join(directory, 'dist'))
  write('package.json', JSON.stringify({ name: '@own/package', dependencies: { zod: '^4.0.0', '@other/client': '^1.0.0', '@types/mdast': '^4.0.0' } }))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function write(file: string, text: string): void {
  writeFileSync(join(directory, file), text)
}

test('types may refer to Node, to dependencies and to the package itself', () => {
  write('dist/index.d.ts', 'import { z } from "zod";\nimport type { A } from "@other/client/deep";\nexport * from "./other.js";\nimport type { Root } from "mdast";\nexport type B = import("node:fs").Stats;\n')
  expect(builtPackageProblems(directory)).toEqual([])
})

test.each([
  ['import { Client } from "jira.js/cloud";', 'jira.js/cloud'],
  ['export type Client = import("@qdrant/js-client-rest").QdrantClient;', '@qdrant/js-client-rest'],
  ['export * from "openai";', 'openai'],
  ["import 'reflect-metadata'", 'reflect-metadata'],
])('types that refer to what a user does not have are found: %s', (line, specifier) => {
  write('dist/index.d.ts', `export declare const one = 1;\n${line}\n`)
  expect(builtPackageProblems(directory)).toEqual([`dist/index.d.ts refers to ${specifier}, which is not installed with the package`])
})

test('parts of a package without its licence are found', () => {
  write('dist/index.js.map', JSON.stringify({ sources: ['../src/index.ts', '../node_modules/.pnpm/jira.js@6.2.0/node_modules/jira.js/dist/a.js'] }))
  expect(builtPackageProblems(directory)).toEqual(['dist holds parts of jira.js, and dist/THIRD-PARTY-LICENSES.txt does not hold its licence'])
  write('dist/THIRD-PARTY-LICENSES.txt', 'Licences\n\n----\njira.js 6.2.0 (MIT)\n\ntext\n')
  expect(builtPackageProblems(directory)).toEqual([])
})
