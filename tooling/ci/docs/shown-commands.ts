import { fencedBlocks, prose } from './markdown-pages.ts'

/** Ways in which a page calls the program. */
const PROGRAM = /^(?:\$ )?(?:[A-Z][A-Z0-9_]*=\S+ )*(?:npx (?:-y |--yes )*)?(?:@qdrant-loader\/cli|qdrant-loader)(?= |$)/

/** The command lines of `qdrant-loader` on a page, in fenced blocks and in code spans, without the program's name. */
export function shownCommands(page: string): readonly string[] {
  const blocks = fencedBlocks(page)
    .filter(({ language }) => language === 'sh' || language === 'text')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'))
  const spans = [...prose(page).matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll(/\s+/g, ' '))
  const lines = [...blocks, ...spans.filter((text) => text.includes(' '))].map((line) => line.trim())
  return lines.filter((line) => PROGRAM.test(line)).map((line) => line.replace(PROGRAM, '').trim())
}

/** Splits a command line as a shell does, as far as documentation needs it: quotes, comments, pipes and redirections. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = []
  for (const [, word = ''] of line.matchAll(/((?:"[^"]*"|'[^']*'|[^\s"'])+)/g)) {
    if (/^(?:#|\||>|<|&&|;)/.test(word)) break
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
  }
  return words
}
