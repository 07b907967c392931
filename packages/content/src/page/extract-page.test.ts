import { describe, expect, test } from 'vitest'

import { extractPage } from './extract-page.ts'
import type { ExtractedPage } from './extracted-page.ts'
import { selectorProblem, type PageSelectors } from './selectors.ts'

const PROSE = 'The quick brown fox jumps over the lazy dog, again and again, until the page is long enough to be one. '.repeat(3)
const url = 'https://docs.test/guide/install.html'

function extract(html: string, selectors?: PageSelectors): ExtractedPage {
  return extractPage(html, { url, selectors })
}

const text = PROSE.trim()
const nav = '<nav><a href="/a">Nav</a></nav>'
const link = (name: string): string => `<p><a href="/x">${name}</a></p>`

describe('main content', () => {
  test.each<[generator: string, body: string]>([
    ['landmark', `<header>Site</header>${nav}<main><p>${PROSE}</p></main><footer>Foot</footer>`],
    ['role', `<div class="related">${nav}</div><div role="main"><p>${PROSE}</p></div><div class="sphinxsidebar">Side</div>`],
    ['Sphinx', `<div class="document"><div class="documentwrapper"><div class="body" role="main"><p>${PROSE}</p></div></div><div class="sphinxsidebar"><p>Side</p></div></div><div class="footer">Created using Sphinx</div>`],
    ['Read the Docs', `<nav class="wy-nav-side">Side</nav><section class="wy-nav-content-wrap"><div class="rst-content"><div role="navigation"><ul class="wy-breadcrumbs"><li>Up</ul></div><div role="main"><div itemprop="articleBody"><p>${PROSE}</p></div></div><footer><div class="rst-footer-buttons">Next</div></footer></div></section>`],
    ['MkDocs', `<div class="md-sidebar">Side</div><main class="md-main"><div class="md-content"><article class="md-content__inner md-typeset"><a class="md-content__button" href="/edit">edit</a><p>${PROSE}</p><hr><div class="md-source-file"><small>Last update: May 1</small></div></article></div></main>`],
    ['Docusaurus', `<main><article><nav class="theme-doc-breadcrumbs">Up</nav><div class="theme-doc-toc-mobile">On this page</div><div class="theme-doc-markdown markdown"><p>${PROSE}</p></div><footer class="theme-doc-footer">Edit this page</footer></article><nav class="pagination-nav">Next</nav></main>`],
    ['Antora', `<div class="toolbar">Bar</div><main class="article"><div class="content"><aside class="toc sidebar">Contents</aside><article class="doc"><p>${PROSE}</p><nav class="pagination">Next</nav></article></div></main>`],
    ['VitePress', `<div class="VPSidebar">Side</div><main class="main"><div class="vp-doc"><div><p>${PROSE}</p></div></div><footer class="VPDocFooter">Next</footer></main>`],
    ['Docsy', `<aside class="td-sidebar">Side</aside><main><div class="td-page-meta">Edit</div><nav aria-label="breadcrumb">Up</nav><div class="td-content"><p>${PROSE}</p></div></main>`],
    ['DocBook', `<div class="navheader"><table><tr><td>Prev</table></div><div class="sect1"><p>${PROSE}</p></div><div class="navfooter">Next</div>`],
    ['manual page', `<main><div class="manual-text"><table class="head"><tr><td>LS(1)<td>User<td>LS(1)</table><p>${PROSE}</p><table class="foot"><tr><td>May 1<td>Linux</table></div></main>`],
    ['Javadoc', `<div class="flex-content"><header role="banner"><nav>Top</nav></header><main role="main"><p>${PROSE}</p></main><footer role="contentinfo">©</footer></div>`],
    ['a named container', `<div id="menu" class="navigation">Menu</div><div id="content"><p>${PROSE}</p></div>`],
    ['nothing but text', `<p>${PROSE}</p>`],
  ])('%s', (_generator, body) => {
    expect(extract(`<html><body>${body}</body></html>`).markdown).toBe(text)
  })

  test('AsciiDoc: the head of the page belongs to it', () => {
    const body = `<div id="header"><h1>a(1)</h1><h2>NAME</h2><p>a - does</p><div id="toc" class="toc">Contents</div></div><div id="content"><p>${PROSE}</p></div><div id="footer">Last updated 2024</div>`
    expect(extract(`<body class="manpage">${body}</body>`).markdown).toBe(`# a(1)\n\n## NAME\n\na - does\n\n${text}`)
  })

  test('readability finds the text of a page without landmarks', () => {
    const links = Array.from({ length: 60 }, (_, at) => `<a href="/${at}">Another page number ${at}</a> `).join('')
    const paragraphs = `<p>${PROSE}</p>`.repeat(4)
    const { markdown } = extract(`<body><div class="left">${links}</div><div class="right">${paragraphs}</div></body>`)
    expect(markdown).toBe([text, text, text, text].join('\n\n'))
  })

  test('tables of contents are left out, unless the page is one', () => {
    const contents = '<div class="toc"><ul><li><a href="/a">One</a></ul></div>'
    expect(extract(`<main>${contents}<p>${PROSE}</p></main>`).markdown).toBe(text)
    expect(extract(`<main><h1>Book</h1>${contents}</main>`).markdown).toBe('# Book\n\n- [One](https://docs.test/a)')
  })

  test.each(['Last updated on 1 May 2024.', 'Created using Sphinx 7.2.', 'Built with MkDocs', '© 2024 Someone'])(
    'a remark at the end is no content: %s',
    (remark) => expect(extract(`<main><p>${PROSE}</p><hr><p>${remark}</p></main>`).markdown).toBe(text),
  )

  test.each(['Edit this page', 'Next: Usage', '← Before', 'Back to top'])('a link at the end is none: %s', (name) => {
    expect(extract(`<main><p>${PROSE}</p>${link(name)}</main>`).markdown).toBe(text)
  })

  test('a box beside the text is content', () => {
    const box = '<aside class="sidebar"><p class="sidebar-title">Aside</p><p>b</p></aside>'
    expect(extract(`<main>${box}<p>${PROSE}</p></main>`).markdown).toBe(`**Aside**\n\nb\n\n${text}`)
  })

  test('a page without text has none', () => {
    expect(extract('<html><body><nav>a</nav></body></html>').markdown).toBe('')
    expect(extract('').markdown).toBe('')
  })
})

describe('configured selectors', () => {
  const page = `<main><p>${PROSE}</p></main><div class="x"><p>a</p><p class="y">b</p><div class="z">c\n  d</div></div><div class="x">e</div>`

  test('content, what is removed from it, and blocks of code', () => {
    const { markdown } = extract(page, { content: ['.none', '.x'], remove: ['.y'], code_blocks: ['div.z'] })
    expect(markdown).toBe('a\n\n```\nc\n  d\n```\n\ne')
  })

  test('without a match the usual rules apply', () => {
    expect(extract(page, { content: ['.none'] }).markdown).toBe(text)
  })

  test('a broken one is found before it is used, and does no harm', () => {
    for (const selector of ['', 'a[', 'p:nope', '>>>', '::before']) expect(selectorProblem(selector)).toBeTypeOf('string')
    for (const selector of ['main', '#a .b > c', 'p:not(.x)', 'a[href^="/"]', 'div:has(> p)']) {
      expect(selectorProblem(selector)).toBeUndefined()
    }
    expect(extract(page, { content: ['a['], remove: ['p:nope'] }).markdown).toBe(text)
  })
})

describe('churn around the content changes nothing', () => {
  const around = (token: string): ExtractedPage =>
    extract(
      `<html><head><title>Install</title><meta name="csrf-token" content="${token}"><meta name="build" content="${token}"><script src="/app.${token}.js"></script></head>` +
        `<body class="build-${token}"><header>${token}</header><nav data-token="${token}"><ul><li>${token}</ul></nav><main id="m${token}"><h1 id="h-${token}">Install</h1><p data-v-${token}>${PROSE}</p><img src="/shot.png?v=${token}" alt="Screen"><p>Last updated ${token}</p></main><aside role="complementary" class="sidebar">${token}</aside><div class="cookie-banner">${token}</div><footer>Built ${token}</footer></body></html>`,
    )

  test('navigation, tokens, build stamps, versions of assets', () => {
    expect(around('a81f')).toEqual(around('b92e'))
    expect(around('a81f').markdown).toBe(`# Install\n\n${text}\n\n![Screen]()`)
  })
})

describe('metadata', () => {
  const head = (inner: string, body = `<main><p>${PROSE}</p></main>`): ExtractedPage => extract(`<html><head>${inner}</head><body>${body}</body></html>`)

  test.each<[inner: string, title: string | undefined]>([
    ['<title>Install — Foo 3 documentation</title>', 'Install'],
    ['<title>Foo | Install</title><meta property="og:site_name" content="Foo">', 'Install'],
    ['<title>x</title><meta property="og:title" content="Install">', 'Install'],
    ['<title>Co-op: a well-known word</title>', 'Co-op: a well-known word'],
    ['', undefined],
  ])('title from %s', (inner, title) => expect(head(inner).title).toBe(title))

  test('the heading of the content is the title before all others', () => {
    const page = head('<title>x</title><meta property="og:title" content="y">', `<main><h1>The <code>a</code> tool<a class="headerlink" href="#a">¶</a></h1><p>${PROSE}</p></main>`)
    expect(page.title).toBe('The a tool')
  })

  test('description and language', () => {
    const page = extract('<html lang="pt-BR"><meta name="description" content=" a\n b ">')
    expect(page).toMatchObject({ description: 'a b', language: 'pt-BR' })
    expect(head('<meta property="og:locale" content="de_DE">').language).toBe('de-DE')
    expect(extract('<html lang="???">')).not.toHaveProperty('language')
  })

  test('canonical link and refresh are absolute web addresses', () => {
    expect(head('<link rel="canonical" href="../a.html#x">').canonical).toBe('https://docs.test/a.html')
    expect(head('<link rel="canonical" href="file:///a.html">')).not.toHaveProperty('canonical')
    expect(head('<meta http-equiv="Refresh" content="0; URL=\'next.html\'">').refresh).toBe('https://docs.test/guide/next.html')
    expect(head('<meta http-equiv="refresh" content="30">')).not.toHaveProperty('refresh')
    expect(head('<meta http-equiv="refresh" content="5; url=install.html#a">')).not.toHaveProperty('refresh')
  })

  test('robots', () => {
    expect(head('<meta name="ROBOTS" content="NoIndex, follow">')).toMatchObject({ noindex: true, nofollow: false })
    expect(head('<meta name="robots" content="none">')).toMatchObject({ noindex: true, nofollow: true })
    expect(head('')).toMatchObject({ noindex: false, nofollow: false })
  })

  test.each<[inner: string, published: string | undefined, modified: string | undefined]>([
    ['<meta property="article:published_time" content="2024-01-02T03:04:05+02:00"><meta property="article:modified_time" content="2024-02-03">', '2024-01-02T01:04:05.000Z', '2024-02-03T00:00:00.000Z'],
    ['<script type="application/ld+json">{"@graph":[{"@type":"Article","datePublished":"2024-01-02","dateModified":"2024-01-03T00:00:00Z"}]}</script>', '2024-01-02T00:00:00.000Z', '2024-01-03T00:00:00.000Z'],
    ['<meta name="DC.date.modified" content="Tue, 02 Jan 2024 03:04:05 GMT">', undefined, '2024-01-02T03:04:05.000Z'],
    ['<meta name="DC.date" content="2024-01-02T03:04:05">', '2024-01-02T03:04:05.000Z', undefined],
    ['<meta property="article:modified_time" content="yesterday"><script type="application/ld+json">{broken</script>', undefined, undefined],
    ['<meta property="article:modified_time" content="2024-13-45">', undefined, undefined],
  ])('times in UTC, from the page’s own metadata: %s', (inner, published, modified) => {
    expect([head(inner).published, head(inner).modified]).toEqual([published, modified])
  })

  test.each<[name: string, html: string]>([
    ['JSON-LD', '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"position":2,"item":{"name":"Guide"}},{"position":1,"name":"Docs"},{"position":3,"name":"Install"}]}</script>'],
    ['aria', '<nav aria-label="Breadcrumbs"><ol><li><a href="/"><svg></svg></a><li><a href="/d">Docs</a><li><a href="/g">Guide</a><li aria-current="page">Install</ol></nav>'],
    ['microdata', '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li><a href="/d"><span itemprop="name">Docs</span></a> » <li><a href="/g">Guide</a><li><a aria-current="page" href="">Install</a></ol>'],
    ['Sphinx', '<ul class="wy-breadcrumbs"><li><a href="/" class="icon icon-home"></a><li><a href="/d">Docs</a> »<li><a href="/g">Guide</a><li>Install<li class="wy-breadcrumbs-aside"><a href="/s">View page source</a></ul>'],
  ])('breadcrumbs from %s', (_name, html) => {
    expect(extract(`<body>${html}<main><h1>Install</h1><p>${PROSE}</p></main>`).breadcrumbs).toEqual(['Docs', 'Guide'])
  })
})

describe('links', () => {
  test('of the whole page, absolute, in order, each once', () => {
    const page = '<base href="/other/"><nav><a href="b">b</a><a href="/a#x">a</a></nav><main><a href="b#y">b</a><a href="#z">z</a><a href="mailto:a@b.c">m</a><a href="javascript:x">j</a><a href="//cdn.test/c">c</a><a href="d" rel="external nofollow">d</a><a>e</a><a href="http://[">f</a></main><map><area href="g"></map>'
    expect(extract(page).links).toEqual([
      'https://docs.test/other/b',
      'https://docs.test/a',
      'https://cdn.test/c',
      'https://docs.test/other/g',
    ])
  })
})

describe('login forms', () => {
  const form = '<form><input name=user><input type=password><button>Sign in</button></form>'
  test('a password field and little else', () => {
    expect(extract(`<h1>Sign in</h1>${form}`).loginForm).toBe(true)
    expect(extract(`<main><p>${PROSE.repeat(5)}</p></main>${form}`).loginForm).toBe(false)
    expect(extract('<h1>Sign in</h1><form><input name=q></form>').loginForm).toBe(false)
  })
})
