import { describe, expect, it, test } from 'vitest'

import { extractPage } from './extract-page.ts'

const SENTENCE = 'Every word of this section is part of the manual and has to be found by those who look for it. '
const PROSE = SENTENCE.repeat(3).trim()
const url = 'https://docs.test/guide/page.html'

function markdown(body: string, head = ''): string {
  return extractPage(`<html><head>${head}</head><body>${body}</body></html>`, { url }).markdown
}

function title(head: string, body: string): string | undefined {
  return extractPage(`<html><head>${head}</head><body>${body}</body></html>`, { url }).title
}

/** Headings whose slugs are words for furniture. */
const SLUGS = 'cookies feedback pagination share toolbar navigation related breadcrumb footer sidebar menu announcement search-box last-updated back-to-top cookie-consent edit-this-page version-selector table-of-contents toc on-this-page md-footer'.split(' ')

describe('S3: a section about a word for page furniture is kept', () => {
  const heading = (slug: string): string => slug.replaceAll('-', ' ')

  it.each(SLUGS)('S3: %s', (slug) => {
    const forms = [
      `<section id="${slug}"><h2>${heading(slug)}</h2><p>${PROSE}</p></section>`,
      `<div id="${slug}" class="section"><h2>${heading(slug)}</h2><p>${PROSE}</p></div>`,
      `<div class="sect2"><h3 id="${slug}">${heading(slug)}</h3><p>${PROSE}</p></div>`,
      `<div id="${slug}" class="paragraph"><p>${PROSE}</p></div>`,
      `<div id="${slug}"><h2>${heading(slug)}</h2><p>${PROSE}</p></div>`,
      `<dl><dt id="${slug}">${slug}</dt><dd><p>${PROSE}</p></dd></dl>`,
      `<section class="level2" id="${slug}"><h2>${heading(slug)}</h2><ul><li><a href="/a">${PROSE}</a></li></ul></section>`,
    ]
    for (const form of forms) expect(markdown(`<main><h1>Manual</h1><p>Intro.</p>${form}</main>`), form).toContain(PROSE)
  })

  it.each(['cookies', 'feedback', 'share', 'toolbar', 'related'])('S3: a box of text is kept although its class is %s', (name) => {
    expect(markdown(`<main><h1>Manual</h1><section class="${name}"><h2>About it</h2><p>${PROSE}</p></section></main>`)).toContain(PROSE)
    expect(markdown(`<main><h1>Manual</h1><div class="${name}"><p>${PROSE}</p><pre>some code</pre></div></main>`)).toContain(PROSE)
  })

  it.each([
    ['div class=related', '<div class="related"><h3>Navigation</h3><ul><li><a href="/a">next</a></li><li><a href="/b">previous</a></li></ul></div>'],
    ['div class=feedback', '<div class="feedback">Was this page helpful? <a href="/y">Yes</a> <a href="/n">No</a></div>'],
    ['div id=footer', '<div id="footer">Built with care.</div>'],
    ['div class=share', '<div class="share"><a href="https://a.test/">Tell others</a></div>'],
    ['div id=sidebar', `<div id="sidebar">${'<a href="/x">Elsewhere</a> '.repeat(20)}</div>`],
    ['div class=sphinxsidebar', `<div class="sphinxsidebar"><h3>Contents</h3><ul><li><a href="/x">Elsewhere</a></li></ul><p>${SENTENCE}</p></div>`],
    ['div class=cookie-banner', `<div class="cookie-banner"><h2>We value you</h2><p>${PROSE}</p></div>`],
    ['span class=breadcrumb', '<span class="breadcrumb">Home / Docs</span>'],
    ['ul class=pagination', '<ul class="pagination"><li><a href="/a">1</a></li></ul>'],
  ])('furniture is still left out: %s', (_name, furniture) => {
    expect(markdown(`<main><h1>Manual</h1><p>The text.</p>${furniture}<p>The rest.</p></main>`)).toBe('# Manual\n\nThe text.\n\nThe rest.')
  })
})

describe('S4: the content is where the text is', () => {
  const section = (id: string, as = 'section'): string => `<${as} id="${id}"><h2>About ${id}</h2><p>${PROSE} (${id})</p></${as}>`

  it.each(['documentation', 'content', 'main', 'contents', 'docs-content', 'article-body'])('S4: a section with id="%s" is not the page', (id) => {
    for (const as of ['section', 'div']) {
      const text = markdown(`<h1>Manual</h1>${section('intro', as)}${section(id, as)}${section('end', as)}`)
      for (const part of ['intro', id, 'end']) expect(text).toContain(`(${part})`)
    }
  })

  it('S4: classes and articles that hold a part of the text are not the page', () => {
    for (const part of [`<div class="contents"><p>${PROSE}</p></div>`, `<article><p>${PROSE}</p></article>`, `<div class="markdown-body"><p>${PROSE}</p></div>`]) {
      expect(markdown(`<h1>Manual</h1><p>${PROSE} (before)</p>${part}<p>${PROSE} (after)</p>`)).toMatch(/\(before\)[^]*\(after\)/)
    }
  })

  it('S4: of nested containers the most particular one that holds the text is taken', () => {
    const inner = `<div class="theme-doc-markdown"><h1>Manual</h1><p>${PROSE}</p></div>`
    expect(markdown(`<main><div>Version: 3 <a href="/v">other versions</a></div>${inner}<div>Ask us</div></main>`)).toBe(`# Manual\n\n${PROSE}`)
  })

  it('S4: an empty main is a frame', () => {
    expect(markdown(`<main></main><div><h1>Manual</h1><p>${PROSE}</p></div>`)).toBe(`# Manual\n\n${PROSE}`)
  })
})

describe('S5: text that looked like furniture is kept', () => {
  const within = (html: string): string => markdown(`<main><h1>Manual</h1><p>${PROSE}</p>${html}</main>`).split(`${PROSE}\n\n`)[1] ?? ''

  it.each([
    ['a DocBook sidebar', '<div class="sidebar"><div class="titlepage"><p class="title"><strong>Box</strong></p></div><p>In it.</p></div>', 'In it.'],
    ['a sidebar without a title', '<aside class="sidebar"><p>In the box.</p></aside>', 'In the box.'],
    ['a heading that is a button', '<h2><button type="button">Why is that?</button></h2><p>So.</p>', '## Why is that?\n\nSo.'],
    ['a button around a heading', '<button><h3>Why is that?</h3></button><p>So.</p>', '### Why is that?\n\nSo.'],
    ['an accordion by its role', '<div role="button"><h3>Why is that?</h3></div><p>So.</p>', '### Why is that?\n\nSo.'],
    ['a link called "link"', '<p>Follow this <a href="#x">link</a> or that <a href="other.html#x">anchor</a>.</p>', '[link](#x) or that [anchor](https://docs.test/guide/other.html#x)'],
    ['a sign that is linked', '<p>The sign <a href="#hash">#</a> begins a comment.</p>', 'sign [#](#hash) begins'],
    ['a linked word in a heading', '<h2>The <a href="#x">anchor</a></h2>', '## The anchor'],
    ['labels of tabs', '<ul role="tablist"><li role="tab">Linux</li><li role="tab">Mac</li></ul><div role="tabpanel"><p>apt</p></div>', '- Linux\n- Mac\n\napt'],
    ['labels of tabs that are buttons', '<div role="tablist"><button role="tab">Linux</button><button role="tab">Mac</button></div>', '**Linux**\n\n**Mac**'],
    ['labels of tabs that are labels', '<div class="tabbed-labels"><label for="a">Linux</label><label for="b">Mac</label></div>', '**Linux**\n\n**Mac**'],
    ['labels of tabs in spans', '<div class="tabs"><span class="tab">Linux</span><span class="tab">Mac</span></div>', '**Linux**\n\n**Mac**'],
    ['a tab that is not shown', '<div class="tab-pane" style="display: none"><p>brew</p></div>', 'brew'],
    ['a part that is folded', '<div class="accordion-body" hidden><p>So.</p></div>', 'So.'],
    ['footnotes in a footer', '<footer class="footnotes"><ol><li>See there.</li></ol></footer>', 'See there.'],
    ['"Note:" before a word that begins alike', '<div class="admonition note"><p>Notebooks are not saved.</p></div>', '> **Note:** Notebooks are not saved.'],
    ['"Tip:" before "Tips"', '<div class="tip"><p>Tips for users.</p></div>', '> **Tip:** Tips for users.'],
    ['"Note:" that is written out', '<div class="note"><p>Note: keep it.</p></div>', '> Note: keep it.'],
  ])('S5: %s', (_name, html, expected) => expect(within(html)).toContain(expected))

  it('S5: a list of links is kept where the page is one, or behind a heading', () => {
    const links = Array.from({ length: 80 }, (_, at) => `<li><a href="/topic-${at}">Topic number ${at}</a></li>`).join('')
    for (const body of [`<h1>Index</h1><ul>${links}</ul>`, `<h1>Index</h1><p>${PROSE}</p><p>${PROSE}</p><h2>All</h2><ul>${links}</ul>`, `<div><ul>${links}</ul></div>`, `<h1>Index</h1><p>${PROSE}</p><p>${PROSE}</p><ul>${links}</ul>`]) {
      expect(markdown(body).match(/Topic number/g)).toHaveLength(80)
    }
  })

  it('marks of headings are still left out', () => {
    expect(within('<h2 id="x">Use<a href="#x">link</a></h2><h3>It<a class="anchor" href="#it">§</a></h3><p id="p">Text<a href="#p">¶</a></p>')).toBe('## Use\n\n### It\n\nText')
    expect(within('<h2>Install <button>Copy</button></h2>')).toBe('## Install')
  })
})

describe('S9: what only runs or shows the text is gone', () => {
  it('S9: the playground, "Expand description" and source links of rustdoc', () => {
    const code = encodeURIComponent('fn main() { println!("a long example"); }\n'.repeat(20))
    const html =
      '<details class="rustdoc-toggle top-doc" open><summary class="hideme"><span>Expand description</span></summary><div class="docblock"><p>Does it.</p>' +
      `<div class="example-wrap"><pre class="rust"><code>let x = 1;</code></pre><a class="test-arrow" target="_blank" href="https://play.rust-lang.org/?code=${code}">Run</a></div></div></details><a class="srclink" href="../src/a.rs.html">source</a>`
    expect(markdown(`<main><h1>Struct A</h1>${html}</main>`)).toBe('# Struct A\n\nDoes it.\n\n```rust\nlet x = 1;\n```')
  })

  it.each(['?code=', '#code/', '?q=1&data='])('S9: a link with a long tail (%s) is only its text', (tail) => {
    expect(markdown(`<main><p>${PROSE} <a href="https://play.test/${tail}${'x'.repeat(300)}">Try it</a></p></main>`)).toBe(`${PROSE} Try it`)
    expect(markdown(`<main><p>${PROSE} <a href="https://play.test/${tail}x">Try it</a></p></main>`)).toContain(`](https://play.test/${tail}x)`)
  })

  it('S9: logos say nothing about a page', () => {
    expect(markdown(`<main><a href="/"><img alt="logo" src="l.png"></a><img class="site-logo" alt="Our product" src="m.png"><p>${PROSE}</p></main>`)).toBe(PROSE)
  })
})

describe('S10: the title is the better of what a page says', () => {
  test.each<[name: string, head: string, body: string, expected: string]>([
    ['several headings of level 1: what the page calls itself', '<title>The language reference | Foo</title>', '<h1>1. Syntax</h1><p>a</p><h1>2. Types</h1>', 'The language reference'],
    ['a heading with a number: what the page calls itself', '<title>The language reference - Foo manual</title>', '<h1>1. Syntax</h1>', 'The language reference'],
    ['og:title before the title of the document', '<title>x</title><meta property="og:title" content="The language reference">', '<h1>1. Syntax</h1>', 'The language reference'],
    ['the title is the heading', '<title>6. Modules — Python 3.11 documentation</title>', '<h1>6. Modules</h1>', 'Modules'],
    ['a number of an appendix', '<title>E.13.2. Changes</title>', '<h1>E.13.2. Changes</h1>', 'Changes'],
    ['a chapter', '<title>Chapter 48. Background Workers</title>', '<h2>Chapter 48. Background Workers</h2>', 'Background Workers'],
    ['nothing but the site’s name: the heading without its number', '<title>Foo</title><meta property="og:site_name" content="Foo">', '<h1>1. Syntax</h1>', 'Syntax'],
    ['no other title: the heading without its number', '', '<h1>1. Syntax</h1>', 'Syntax'],
    ['one heading without a number stays the title', '<title>Something else</title>', '<h1>Syntax</h1>', 'Syntax'],
    ['a heading that is only the site’s name', '<title>Install | Foo</title><meta property="og:site_name" content="Foo">', '<h1>Foo</h1>', 'Install'],
    ['a number that is part of the words stays', '<title>Notes</title>', '<h1>2.0 release notes</h1>', '2.0 release notes'],
  ])('S10: %s', (_name, head, body, expected) => expect(title(head, `<main>${body}<p>${PROSE}</p></main>`)).toBe(expected))
})

describe('S3: a word for furniture on text', () => {
  it.each([
    ['a menu that is named in a line (AsciiDoc)', '<p>Choose <span class="menuseq"><b class="menu">File</b> <b class="menuitem">Save</b></span>.</p>', 'Choose **File** **Save**.'],
    ['a tool bar that is named in a line', '<p>On the <span class="toolbar">Main</span> bar.</p>', 'On the Main bar.'],
    ['prose in a div', '<div class="menu"><p>The menu has three entries; open each of them in turn.</p></div>', 'The menu has three entries; open each of them in turn.'],
    ['a paragraph', '<p class="navigation">Navigation on the ship is done by the stars alone.</p>', 'Navigation on the ship is done by the stars alone.'],
  ])('S3: %s is kept', (_name, body, expected) => {
    expect(markdown(`<main><h1>Manual</h1>${body}<p>The rest.</p></main>`)).toBe(`# Manual\n\n${expected}\n\nThe rest.`)
  })

  it('S3: a nav that holds the page, because nobody closed it or because of its author, is no furniture', () => {
    expect(markdown(`<nav><a href="/a">Next</a><main><h1>Manual</h1><p>${PROSE}</p></main>`)).toBe(`# Manual\n\n${PROSE}`)
    expect(markdown(`<main><h1>Manual</h1><nav><p>${PROSE}</p><p>${PROSE}</p></nav></main>`)).toContain(PROSE)
  })

  it.each(['Generated by the compiler, the lock file must never be committed.', 'Last modified files win over older ones.'])(
    'S8: a sentence at the end of a page is no remark about the build: %s',
    (sentence) => {
      expect(markdown(`<main><h1>Manual</h1><p>${PROSE}</p><p>${sentence}</p></main>`)).toContain(sentence)
    },
  )

  it('S8: what is all the text of a section is no remark about the build', () => {
    expect(markdown(`<main><h1>Manual</h1><p>${PROSE}</p><h2>Lock file</h2><p>Created by the first build.</p></main>`)).toContain('Created by the first build.')
  })
})

describe('S5: a part that is folded', () => {
  it('S5: the answer below a question that is a button is kept', () => {
    const page = '<h3><button aria-expanded="false" aria-controls="a">Question</button></h3><div id="a" hidden><p>The answer.</p></div>'
    expect(markdown(`<main><h1>Manual</h1><p>${PROSE}</p>${page}</main>`)).toContain('### Question\n\nThe answer.')
  })

  it.each([
    ['with a frame around the heading', '<div><h3><button aria-expanded="false">Question</button></h3></div><div hidden>The answer.</div>'],
    ['as a region', '<button aria-expanded="false" id="b"><h3>Question</h3></button><div role="region" aria-labelledby="b" hidden>The answer.</div>'],
  ])('S5: the answer is kept: %s', (_name, page) => {
    expect(markdown(`<main><h1>Manual</h1><p>${PROSE}</p><div>${page}</div></main>`)).toContain('### Question\n\nThe answer.')
  })

  it('S5: a menu that a button of the site unfolds stays hidden', () => {
    expect(markdown(`<header><h1>Logo</h1><button aria-expanded="false">Menu</button></header><div hidden>The menu.</div><p>${PROSE}</p>`)).not.toContain('The menu.')
  })

  it('S5: a tab that is not chosen is kept although it is hidden from readers of the screen', () => {
    expect(markdown('<main><h1>Manual</h1><div role="tabpanel">one</div><div role="tabpanel" hidden aria-hidden="true">two</div></main>')).toContain('two')
  })
})

describe('S2: a page that is shown for longer than a redirect takes', () => {
  it.each([[5, true], [30, true], [900, false]])('S2: after %s seconds it leads elsewhere: %s', (seconds, leads) => {
    const { refresh } = extractPage(`<meta http-equiv="refresh" content="${seconds}; url=/logout"><main><p>${PROSE}</p></main>`, { url })
    expect(refresh !== undefined).toBe(leads)
  })
})
