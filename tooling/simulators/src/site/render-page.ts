import type { SiteBehaviour } from './quirks.ts'
import type { Block, SitePage } from './site-page.ts'

/** What is around the content of a page, and differs between builds or requests. */
export interface PageSurroundings {
  readonly siteTitle: string
  /** Number of the build: in asset names, the footer and a meta element. */
  readonly build: number
  /** A token that differs with each request, where the site has such. */
  readonly token: string | undefined
  /** Links beside those of the page. */
  readonly extraLinks: readonly string[]
  readonly behaviour: Pick<SiteBehaviour, 'markup'>
}

/** A page as it is sent: the bytes and their content type. */
export function renderPage(page: SitePage, around: PageSurroundings): { readonly body: Buffer; readonly contentType: string } {
  const charset = page.charset ?? 'utf-8'
  const type = page.format === 'text' ? 'text/plain' : page.format === 'markdown' ? 'text/markdown' : 'text/html'
  const text = page.format === 'text' || page.format === 'markdown' ? markdownOf(page) : htmlOf(page, around)
  const said = page.charsetIn ?? 'header'
  return { body: encode(text, charset, said === 'mark'), contentType: said === 'header' ? `${type}; charset=${charset}` : type }
}

function encode(text: string, charset: NonNullable<SitePage['charset']>, mark: boolean): Buffer {
  const marked = mark && charset !== 'windows-1252' ? `\uFEFF${text}` : text
  return Buffer.from(marked, charset === 'windows-1252' ? 'latin1' : charset === 'utf-16le' ? 'utf16le' : 'utf8')
}

/** Words for page furniture, which are the ids of sections here. */
const FURNITURE = ['cookies', 'feedback', 'pagination', 'share', 'toolbar', 'navigation', 'related', 'content', 'documentation', 'sidebar']

function htmlOf(page: SitePage, { siteTitle, build, token, extraLinks, behaviour }: PageSurroundings): string {
  const numbered = behaviour.markup === 'numbered'
  const head = [
    ...(page.charsetIn === 'meta' ? [`<meta charset="${page.charset ?? 'utf-8'}">`] : []),
    `<title>${numbered ? '3. ' : ''}${escape(page.title)} — ${escape(siteTitle)}</title>`,
    `<link rel="stylesheet" href="/assets/site.${build.toString(16).padStart(8, '0')}.css">`,
    `<meta name="generator" content="Press ${build}">`,
    ...(token === undefined ? [] : [`<meta name="csrf-token" content="${token}">`]),
    ...(page.description === undefined ? [] : [`<meta name="description" content="${escape(page.description)}">`]),
    ...(page.canonical === undefined ? [] : [`<link rel="canonical" href="${escape(page.canonical)}">`]),
    ...robotsOf(page),
  ]
  return `<!DOCTYPE html>
<html${page.language === undefined ? '' : ` lang="${page.language}"`}>
<head>
${head.join('\n')}
</head>
<body>
<header><a href="/">${escape(siteTitle)}</a><form action="/search"><input name="q"></form></header>
<nav class="sidebar"><ul>
${[...page.links, ...extraLinks].map((href) => `<li><a href="${escape(href)}">Go to ${escape(href)}</a></li>`).join('\n')}
</ul></nav>
<main>
<h1>${numbered ? '3. ' : ''}${escape(page.title)}</h1>
${behaviour.markup === 'furniture' ? sectionsOf(page.blocks) : page.blocks.map(blockHtml).join('\n')}
</main>
<footer>Build ${build} of the site, ${new Date(build * 60_000).toUTCString()}.${token === undefined ? '' : ` Session ${token}.`} All rights reserved.</footer>
<script>window.build = ${build}; window.token = ${JSON.stringify(token ?? null)}</script>
</body>
</html>
`
}

/** Each block of a page in a section of its own, called after page furniture; headings are buttons. */
function sectionsOf(blocks: readonly Block[]): string {
  return blocks
    .map((block, at) => {
      const name = FURNITURE[at % FURNITURE.length] ?? ''
      const html = block.kind === 'heading' ? `<h${block.level}><button type="button">${escape(block.text)}</button></h${block.level}>` : blockHtml(block)
      return at % 2 === 0 ? `<section id="${name}"><h2>About ${name}</h2>${html}</section>` : `<div class="sidebar"><p class="title">Box</p>${html}</div>`
    })
    .join('\n')
}

function robotsOf(page: SitePage): string[] {
  const words = [...(page.noindex === true ? ['noindex'] : []), ...(page.nofollow === true ? ['nofollow'] : [])]
  return words.length === 0 ? [] : [`<meta name="robots" content="${words.join(', ')}">`]
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level} id="h${block.text.length}">${escape(block.text)}</h${block.level}>`
    case 'paragraph': {
      const link = block.link === undefined ? '' : ` <a href="${escape(block.link.href)}">${escape(block.link.text)}</a>`
      return `<p>${escape(block.text)}${link}</p>`
    }
    case 'list': {
      const tag = block.ordered === true ? 'ol' : 'ul'
      const nested = block.nested === undefined ? '' : `<ul>${block.nested.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`
      const items = block.items.map((item, index) => `<li>${escape(item)}${index === block.items.length - 1 ? nested : ''}</li>`)
      return `<${tag}>${items.join('')}</${tag}>`
    }
    case 'code':
      return `<pre><code class="language-${block.language}">${escape(block.code)}</code></pre>`
    case 'table': {
      const [header = [], ...rows] = block.rows
      const line = (cells: readonly string[], tag: string) => `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`
      return `<table><thead>${line(header, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table>`
    }
    case 'note':
      return `<div class="admonition note"><p class="admonition-title">Note</p><p>${escape(block.text)}</p></div>`
    case 'definitions':
      return `<dl>${block.entries.map(([term, meaning]) => `<dt>${escape(term)}</dt><dd>${escape(meaning)}</dd>`).join('')}</dl>`
  }
}

function markdownOf(page: SitePage): string {
  return `# ${page.title}\n\n${page.blocks.map(blockMarkdown).join('\n\n')}\n`
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`
    case 'paragraph':
      return block.link === undefined ? block.text : `${block.text} [${block.link.text}](${block.link.href})`
    case 'list':
      return [...block.items.map((item) => `- ${item}`), ...(block.nested ?? []).map((item) => `  - ${item}`)].join('\n')
    case 'code':
      return `\`\`\`${block.language}\n${block.code}\n\`\`\``
    case 'table':
      return block.rows.map((row, index) => `| ${row.join(' | ')} |${index === 0 ? `\n|${'---|'.repeat(row.length)}` : ''}`).join('\n')
    case 'note':
      return `> ${block.text}`
    case 'definitions':
      return block.entries.map(([term, meaning]) => `- ${term}: ${meaning}`).join('\n')
  }
}

/** Text inside HTML. */
export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** What a site shows where nothing is. */
export function notFoundHtml(siteTitle: string, token: string | undefined): string {
  return `<!DOCTYPE html>
<html><head><title>Page not found — ${escape(siteTitle)}</title></head>
<body><header><a href="/">${escape(siteTitle)}</a></header>
<main><h1>Page not found</h1><p>Sorry, the page that you asked for is not here. It may have moved, or never have been written.</p>
<p>Go back to the <a href="/">start page</a>.</p></main>
<footer>${token === undefined ? 'All rights reserved.' : `Session ${token}.`}</footer></body></html>
`
}

/** What a site shows to somebody who has to sign in. */
export function loginHtml(siteTitle: string): string {
  return `<!DOCTYPE html>
<html><head><title>Sign in — ${escape(siteTitle)}</title></head>
<body><main><h1>Sign in</h1><form method="post" action="/login"><label>User <input name="user"></label>
<label>Password <input type="password" name="password"></label><button>Sign in</button></form></main></body></html>
`
}
