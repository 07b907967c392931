import type { ConfluenceWorld } from './confluence-world.ts'

const WORDS = 'index change vector branch page commit token query store cursor sweep guard intent lease chunk heading'.split(' ')
/** Pages below one page. */
const CHILDREN = 20

/**
 * Fills a world with one space of `pages` pages (the home page is one of them) in a tree, with headings, tables,
 * macros, labels, files and some comments. The same numbers give the same space.
 */
export function generateConfluence(world: ConfluenceWorld, { pages, key = 'DOCS' }: { readonly pages: number; readonly key?: string }): void {
  const space = world.createSpace({ key, name: 'Documentation' })
  const ids = [space.homepageId ?? '']
  world.edit(ids[0] ?? '', '<p>Where everything begins.</p>')
  for (let number = 1; number < pages; number += 1) {
    const parent = ids[Math.floor((number - 1) / CHILDREN)] ?? null
    const labels = [`team-${number % 5}`, ...(number % 10 === 0 ? ['draft'] : [])]
    const page = world.createPage({ space: key, title: `Page ${number}`, parent, labels, body: textOf(number) })
    ids.push(page.id)
    for (let file = 0; file < filesOn(number); file += 1) world.addAttachment(page.id, `drawing ${file}.png`, { mediaType: 'image/png' })
    if (number % 25 === 0) world.addComment(page.id, `<p>A remark about the ${sentence(number, 5)}</p>`)
  }
  world.index.catchUp()
}

/** A file or two on every third page, and on few pages more than a listing shows at once. */
function filesOn(number: number): number {
  if (number % 1_000 === 0) return 30
  return number % 3 === 0 ? 1 + (number % 2) : 0
}

function textOf(number: number): string {
  const paragraphs = Array.from({ length: 2 + (number % 4) }, (_, index) => `<h2>Part ${index + 1}</h2><p>${sentence(number + index, 40)}</p>`)
  const table = `<table><tbody><tr><th>key</th><th>value</th></tr><tr><td>number</td><td>${number}</td></tr></tbody></table>`
  const code = `<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">ts</ac:parameter><ac:plain-text-body><![CDATA[const page = ${number}]]></ac:plain-text-body></ac:structured-macro>`
  return `${paragraphs.join('')}${number % 3 === 0 ? table : ''}${number % 4 === 0 ? code : ''}`
}

function sentence(seed: number, words: number): string {
  return `${Array.from({ length: words }, (_, index) => WORDS[(seed * 7 + index * (1 + (seed % 5))) % WORDS.length]).join(' ')} ${seed}.`
}
