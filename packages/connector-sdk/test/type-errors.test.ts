import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import type { Diagnostic } from './compile.ts'

/** Mistakes in a detector as its author makes them, and what the compiler has to name. */
const MISTAKES: Readonly<Record<string, { readonly code: string; readonly named: RegExp; readonly lines?: number }>> = {
  'a-kind-that-does-not-exist': { code: `yield { kind: 'upsrt', stub }`, named: /"upsrt".*Did you mean '"upsert"'/ },
  'a-stub-without-its-version': { code: `yield { kind: 'upsert', stub: { id: 'a', scope: 'notes', location: { url: '' } } }`, named: /'contentVersion' is missing/ },
  'a-stub-made-elsewhere': { code: `const made = { id: 'a', scope: 'notes', location: { url: '' } }; yield { kind: 'upsert', stub: made }`, named: /'contentVersion' is missing/ },
  'an-upsert-without-a-stub': { code: `yield { kind: 'upsert' }`, named: /'stub' is missing.*'UpsertChange'/s },
  'a-move-without-its-origin': { code: `yield { kind: 'move', stub }`, named: /'from' is missing.*'MoveChange'/s },
  'a-verdict-that-does-not-exist': { code: `yield { kind: 'delete', id: 'a', verdict: 'gone' }`, named: /"gone".*'DeletionVerdict'/ },
  'a-cursor-with-another-field': { code: `yield { kind: 'complete', cursor: { since: 1 }, listing: 'changes' }`, named: /'since' does not exist in type 'NotesCursor'/ },
  'a-cursor-of-another-type': { code: `yield { kind: 'checkpoint', cursor: { revision: '1' } }`, named: /'string' is not assignable to type 'number'/ },
  'no-listing': { code: `yield { kind: 'complete', cursor: { revision: 1 } }`, named: /'listing' is missing.*'CompleteChange<NotesCursor>'/s },
  'a-listing-without-what-is-configured': { code: `yield { kind: 'complete', cursor: { revision: 1 }, listing: { everythingIn: ['notes'] } }`, named: /'configured' is missing/ },
  // TypeScript takes the kind of an untyped variable for any string, and needs a line more to say so.
  'a-change-in-an-untyped-variable': { code: `const change = { kind: 'upsert', stub }; yield change`, named: /'string' is not assignable to type '"upsert"'/, lines: 4 },
  'metadata-that-is-not-data': { code: `yield { kind: 'upsert', stub: { ...stub, metadata: { at: new Date() } } }`, named: /'Date' is not assignable/ },
}

/** The three ways to write a detector: as a class, as an object, and as a function. */
const STYLES: Readonly<Record<string, (code: string) => string>> = {
  class: (code) => `export class Notes implements ChangeDetector<NotesCursor> {\n  async *detect(request: DetectRequest<NotesCursor>, signal: AbortSignal): Detection<NotesCursor> { ${code} }\n}`,
  object: (code) => `export const notes: ChangeDetector<NotesCursor> = {\n  async *detect(request, signal): Detection<NotesCursor> { ${code} },\n}`,
  function: (code) => `export async function* detect(request: DetectRequest<NotesCursor>, signal: AbortSignal): Detection<NotesCursor> { ${code} }`,
}

const HEAD = `import type { ChangeDetector, Detection, DetectRequest, DocumentStub } from '@qdrant-loader/connector-sdk'
interface NotesCursor { readonly revision: number }
declare const stub: DocumentStub
`

describe('A mistake inside detect', () => {
  let diagnostics: readonly Diagnostic[] = []

  beforeAll(async () => {
    const mistakes = Object.entries(MISTAKES).flatMap(([mistake, { code }]) => Object.entries(STYLES).map(([style, write]) => [`${style}.${mistake}`, HEAD + write(code)] as const))
    const right = Object.entries(STYLES).map(([style, write]) => [`${style}.right`, HEAD + write(`yield { kind: 'upsert', stub }; yield { kind: 'complete', cursor: { revision: 1 }, listing: 'changes' }`)] as const)
    diagnostics = await compile(Object.fromEntries([...mistakes, ...right]))
  })

  const of = (program: string) => diagnostics.filter((diagnostic) => diagnostic.program === program)

  describe.each(Object.keys(STYLES))('of a %s', (style) => {
    it.each(Object.entries(MISTAKES))('%s is one error of at most three lines that names it', (mistake, { named, lines = 3 }) => {
      const found = of(`${style}.${mistake}`)
      expect(found).toHaveLength(1)
      expect(found[0]?.lines.length).toBeLessThanOrEqual(lines)
      expect(found[0]?.lines.join('\n')).toMatch(named)
    })

    it('is what the compiler complains of: the same detector without one compiles', () => expect(of(`${style}.right`)).toEqual([]))
  })
})
