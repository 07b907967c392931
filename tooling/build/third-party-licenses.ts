import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rolldown } from 'tsdown'

/** Where the licences of what was built in are, in `dist`. */
export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt'

const RULE = '-'.repeat(80)
const HEADING = 'Parts of the packages below are built into this one. Their licences:'

/** Of licences that a package may name without bringing a copy, which they all ask for. */
const TERMS: Readonly<Record<string, string>> = {
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`,
  ISC: `Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.`,
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly author: string | { readonly name: string }
  readonly authors: readonly string[]
}

interface BundledPackage extends Omit<Manifest, 'author' | 'authors'> {
  readonly text: string
}

/** Writes {@link LICENSES_FILE} when a build takes in modules of others; fails when one of them names no licence text. */
export function thirdPartyLicenses(): Rolldown.Plugin {
  return {
    name: 'third-party-licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? output.moduleIds : []))
      const packages = new Map(modules.flatMap((id) => packageFolder(id) ?? []).map((folder) => [folder, readPackage(folder)]))
      if (packages.size === 0) return
      this.emitFile({ type: 'asset', fileName: LICENSES_FILE, source: licensesText([...packages.values()]) })
    },
  }
}

/** `…/node_modules/NAME` of a module of another package. */
function packageFolder(moduleId: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(moduleId)?.[0]
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license, author, authors } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Partial<Manifest>
  const files = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying|copyright|notice)[-.\w]*$/i.test(entry))
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const holder = typeof author === 'object' ? author.name : (author ?? authors?.join(', '))
  const terms = TERMS[license ?? '']
  if (texts.length === 0 && terms !== undefined && holder !== undefined) texts.push(`Copyright (c) ${holder}\n\n${terms}`)
  if (name === undefined || version === undefined || license === undefined || texts.length === 0) {
    throw new Error(`${folder} says no name, version and licence, or holds no licence text: it cannot be built in`)
  }
  return { name, version, license, text: texts.join('\n\n') }
}

function licensesText(packages: readonly BundledPackage[]): string {
  const sorted = packages.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return [HEADING, ...sorted.map(({ name, version, license, text }) => `${RULE}\n${name} ${version} (${license})\n\n${text}`)].join('\n\n').concat('\n')
}
