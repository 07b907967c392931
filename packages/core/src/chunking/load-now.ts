import { createRequire } from 'node:module'

/** What is loaded when a text is first cut or counted: a second of processor time that most runs do without. */
interface LoadedLater {
  readonly 'cl100k-base': typeof import('./cl100k-base.ts')
  readonly 'markdown-parser': typeof import('./markdown-parser.ts')
}

/** Loads a module of this folder when it is needed, and at once, because chunking is synchronous. */
export function loadNow<Name extends keyof LoadedLater>(name: Name): LoadedLater[Name] {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return createRequire(import.meta.url)(`./${name}.${extension}`) as LoadedLater[Name]
}
