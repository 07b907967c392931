import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '../../..')

/** A fenced block of a page. */
export interface FencedBlock {
  readonly language: string
  readonly text: string
  /** Line of the text's first line, from 1. */
  readonly line: number
}

/** Every page that is written for readers, by path from the root: guides, decisions and READMEs. */
export function markdownPages(): readonly string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  const readmes = ['packages', 'apps', 'tooling/examples'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => `${group}/${name}/README.md`),
  )
  const roots = readdirSync(ROOT).filter((name) => name.endsWith('.md'))
  const pages = [...roots, ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name.replaceAll('\\', '/')}`)]
  return [...pages, ...readmes.filter((page) => readText(page) !== undefined)].sort()
}

/** A file's text, or undefined when there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The fenced blocks of a page, in order. */
export function fencedBlocks(page: string): readonly FencedBlock[] {
  const blocks: { language: string; lines: string[]; line: number }[] = []
  let fence: string | undefined
  for (const [index, text] of page.split('\n').entries()) {
    const found = /^ *(`{3,}|~{3,})\s*([\w-]*)/.exec(text)
    if (fence === undefined && found !== null) {
      fence = found[1]
      blocks.push({ language: found[2] ?? '', lines: [], line: index + 2 })
    } else if (fence !== undefined && text.trim() === fence) fence = undefined
    else if (fence !== undefined) blocks.at(-1)?.lines.push(text)
  }
  return blocks.map(({ language, lines, line }) => ({ language, text: lines.join('\n'), line }))
}

/** The fenced blocks of a page, each with the last link that stands before it: the file that it quotes, if it quotes one. */
export function quotedCode(page: string): readonly (FencedBlock & { readonly file: string })[] {
  const lines = prose(page).split('\n')
  return fencedBlocks(page).map((block) => ({ ...block, file: relativeLinks(lines.slice(0, block.line - 1).join('\n')).at(-1) ?? '' }))
}

/** A page without its fenced blocks; lines keep their numbers. */
export function prose(page: string): string {
  let fence: string | undefined
  return page
    .split('\n')
    .map((text) => {
      const found = /^ *(`{3,}|~{3,})/.exec(text)?.[1]
      if (fence === undefined && found !== undefined) fence = found
      else if (fence === undefined) return text
      else if (text.trim() === fence) fence = undefined
      return ''
    })
    .join('\n')
}

/** Links of a page that lead somewhere in the repository, as they are written. */
export function relativeLinks(page: string): readonly string[] {
  const found = [...prose(page).replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
  return found.map(([, target = '']) => target).filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
}

/** The anchors of a page's headings, as code hosts make them. */
export function anchors(page: string): ReadonlySet<string> {
  const headings = [...prose(page).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, text = '']) => text)
  return new Set(headings.map((text) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')))
}
