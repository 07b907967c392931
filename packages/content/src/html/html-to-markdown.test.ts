import { describe, expect, test } from 'vitest'

import { htmlToMarkdown } from './html-to-markdown.ts'

type Case = readonly [name: string, html: string, markdown: string]

function shows(cases: readonly Case[]): void {
  test.each(cases)('%s', (_name, html, markdown) => {
    expect(htmlToMarkdown(html, { baseUrl: 'https://docs.test/guide/page.html' })).toBe(markdown)
  })
}

describe('paragraphs and lines', () => {
  shows([
    ['white space is collapsed', '<p>  a\n\t b&nbsp;&nbsp;c  </p>  <p>d</p>', 'a b c\n\nd'],
    ['text without an element is a paragraph', 'a<div>b</div>c', 'a\n\nb\n\nc'],
    ['a break is a line, two are a paragraph', '<p>a<br>b<br><br>c<br></p>', 'a  \nb\n\nc'],
    ['spaces stand outside of emphasis', 'a<b> b </b>c<i>d</i>', 'a **b** c*d*'],
    ['emphasis without content leaves nothing', 'a <b></b><i> </i>b', 'a b'],
    ['emphasis in emphasis is one', '<em>a <i>b</i></em><em>c</em>', '*a bc*'],
    ['emphasis that could not be read back is only text', 'a<b>,b</b>c', 'a,bc'],
    ['struck-through text', '<s>a</s> <del>b</del>', '~~a~~ ~~b~~'],
    ['keys, indices and exponents', '<kbd>Ctrl</kbd>+<kbd>C</kbd> H<sub>2</sub>O m<sup>2</sup>', '<kbd>Ctrl</kbd>+<kbd>C</kbd> H<sub>2</sub>O m<sup>2</sup>'],
    ['quotations', '<q>a</q> <blockquote><p>b</p><p>c</p></blockquote>', '"a"\n\n> b\n>\n> c'],
    ['readings of characters', '<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>', '漢 (kan)'],
    ['soft hyphens and zero-width spaces are not seen', 'Do&shy;cu&#8203;ment', 'Document'],
    ['a rule', 'a<hr>b', 'a\n\n---\n\nb'],
  ])
})

describe('what is no text of the page', () => {
  shows([
    ['scripts, styles, templates, comments', 'a<script>x</script><style>y</style><template>z</template><!-- c --><noscript>n</noscript>', 'a'],
    ['hidden elements', 'a<p hidden>b</p><p style="color:red; display: none">c</p><i aria-hidden="true">d</i>', 'a'],
    ['a tab that is not chosen is shown', '<div role="tabpanel" hidden>b</div>', 'b'],
    ['buttons and fields', 'a <button>Copy</button><input value=x><select><option>o</select>', 'a'],
    ['the head', '<html><head><title>t</title></head><body>a</body></html>', 'a'],
    ['glyphs of icon fonts', '<p>&#xf0c1; a</p>', 'a'],
  ])
})

describe('headings', () => {
  shows([
    ['levels', '<h1>a</h1><h2>b</h2><h6>c</h6>', '# a\n\n## b\n\n###### c'],
    ['Sphinx', '<h2>Use<a class="headerlink" href="#use" title="Permalink">¶</a></h2>', '## Use'],
    ['Docusaurus', '<h2 class="anchor">Use<a href="#use" class="hash-link" aria-label="Direct link">&#8203;</a></h2>', '## Use'],
    ['GitHub', '<h2>Use</h2><a id="user-content-use" class="anchor" aria-label="Permalink" href="#use"><svg><path/></svg></a>', '## Use'],
    ['VitePress', '<h2 id="use">Use <a class="header-anchor" href="#use">#</a></h2>', '## Use'],
    ['Antora', '<h2 id="_use"><a class="anchor" href="#_use"></a>Use</h2>', '## Use'],
    ['a heading that links to itself', '<h2><a href="#use">Use it</a></h2>', '## Use it'],
    ['a heading is one line', '<h2>a<br>b <div>c</div></h2>', '## a b c'],
    ['an empty heading is none', '<h2> </h2>a', 'a'],
    ['a heading by its role', '<div role="heading" aria-level="3">a</div>', '### a'],
  ])
})

describe('lists', () => {
  shows([
    ['nested', '<ul><li>a<ol><li>b<li>c</ol><li>d</ul>', '- a\n  1. b\n  2. c\n- d'],
    ['a list directly in a list belongs to the item before', '<ul><li>a</li><ul><li>b</li></ul></ul>', '- a\n  - b'],
    ['numbering starts where it says', '<ol start="3"><li>a<li>b</ol>', '3. a\n4. b'],
    ['items of several blocks', '<ul><li><p>a</p><p>b</p><li>c</ul>', '- a\n\n  b\n\n- c'],
    ['code in an item', '<ol><li>Run<pre>x\ny</pre></ol>', '1. Run\n\n   ```\n   x\n   y\n   ```'],
    ['tasks', '<ul><li><input type=checkbox checked> a<li><p><input type=checkbox> b</p></ul>', '- [x] a\n- [ ] b'],
    ['definitions', '<dl><dt>a</dt><dd>b</dd><dt>c</dt><dt>d</dt><dd><p>e</p><p>f</p></dd></dl>', '- **a**: b\n\n- **c**  \n  **d**\n\n  e\n\n  f'],
    ['definitions of code', '<dl><div><dt><code>a()</code></dt><dd>b</dd></div></dl>', '- `a()`: b'],
    ['a term without definition', '<dl><dt>a<dt>b</dl>', '- **a**  \n  **b**'],
    ['lists below each other keep their markers', '<ul><li>a</ul><ul><li>b</ul>', '- a\n\n- b'],
  ])
})

describe('links and images', () => {
  shows([
    ['relative links are absolute', '<a href="../api/a.html#x">a</a>', '[a](https://docs.test/api/a.html#x)'],
    ['a place in the same page stays relative to it', '<a href="#x">a</a> <a href="page.html#x">b</a>', '[a](#x) [b](#x)'],
    ['an address that is its own text stands alone', '<a href="https://a.test/">https://a.test/</a> <a href="mailto:a@b.test">a@b.test</a>', 'https://a.test/ a@b.test'],
    ['what leads nowhere is text', '<a href="javascript:x()">a</a> <a href="http://[">b</a> <a name="x">c</a>', 'a b c'],
    ['characters that end an address are encoded', '<a href="/a b(c">d</a>', '[d](https://docs.test/a%20b%28c)'],
    ['a linked block', '<a href="/a"><div>b</div><div>c</div></a>', '[b](https://docs.test/a)\n\n[c](https://docs.test/a)'],
    ['images by what they say', '<img src="i.png" alt="An image"><img src="deco.png" alt="">', '![An image](https://docs.test/guide/i.png)'],
    ['an address that changes with each build is left out', '<img src="/_next/image?url=x&amp;w=3" alt="a"><img src="data:x" alt="b">', '![a]()![b]()'],
    ['a link that is only an image', '<a href="/a"><img src="i.png" alt="b"></a>', '[b](https://docs.test/a)'],
    ['emoji', 'a <img class="emoji" alt="🎉" src="x.png">', 'a 🎉'],
    ['figures', '<figure><img src="i.png" alt="a"><figcaption>Fig. 1: <b>b</b></figcaption></figure>', '![a](https://docs.test/guide/i.png)\n\n*Fig. 1: **b***'],
  ])
})

describe('code', () => {
  const block = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``
  shows([
    ['in a line', '<code>a_b</code> <tt>*</tt> <code>`x`</code>', '`a_b` `*` `` `x` ``'],
    ['a link in code', '<code><a href="/a">b</a></code>', '[`b`](https://docs.test/a)'],
    ['white space is kept', '<pre>\n  a\n\n\tb \n</pre>', block('', '  a\n\n\tb')],
    ['fences longer than those inside', '<pre>```\na\n```</pre>', '````\n```\na\n```\n````'],
    ['class of CommonMark and highlight.js', '<pre><code class="language-c++ hljs">a</code></pre>', block('c++', 'a')],
    ['bare class of highlight.js', '<pre><code class="hljs python">a</code></pre>', block('python', 'a')],
    ['Sphinx', '<div class="highlight-python3 notranslate"><div class="highlight"><pre><span></span><span class="k">a</span>\nb\n</pre></div></div>', block('python3', 'a\nb')],
    ['Sphinx without a language', '<div class="highlight-default"><div class="highlight"><pre>a</pre></div></div>', block('', 'a')],
    ['Sphinx with line numbers', '<div class="highlight-c"><pre><span class="linenos">1</span>a\n<span class="linenos">2</span>b</pre></div>', block('c', 'a\nb')],
    ['Pygments in a table', '<div class="highlight-c"><table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre>1\n2</pre></div></td><td class="code"><div class="highlight"><pre>a\nb\n</pre></div></td></tr></table></div>', block('c', 'a\nb')],
    ['MkDocs', '<div class="language-yaml highlight"><pre><span></span><code><a id="__codelineno-0-1" name="__codelineno-0-1" href="#__codelineno-0-1"></a>a: 1\n</code></pre></div>', block('yaml', 'a: 1')],
    ['MkDocs with a title', '<div class="highlight"><span class="filename">a.py</span><pre><code>a</code></pre></div>', `**a.py**\n\n${block('', 'a')}`],
    ['Docusaurus', '<div class="language-jsx codeBlockContainer_x"><div class="codeBlockContent_x"><pre class="prism-code language-jsx"><code class="codeBlockLines_x"><span class="token-line" style="color:#393A34"><span class="token">a</span><br></span><span class="token-line"><span>b</span><br></span></code></pre><div class="buttonGroup_x"><button>Copy</button></div></div></div>', block('jsx', 'a\nb')],
    ['VitePress', '<div class="language-ts"><button class="copy"></button><span class="lang">ts</span><pre class="shiki"><code><span class="line">a</span>\n<span class="line">b</span></code></pre></div>', block('ts', 'a\nb')],
    ['lines without line ends between them', '<pre><code><span class="line">a</span><span class="line">b</span></code></pre>', block('', 'a\nb')],
    ['Antora', '<div class="listingblock"><div class="title">A title</div><div class="content"><pre class="highlightjs highlight"><code class="language-java hljs" data-lang="java">a</code></pre></div></div>', `**A title**\n\n${block('java', 'a')}`],
    ['Rouge', '<div class="language-ruby highlighter-rouge"><div class="highlight"><pre class="highlight"><code>a</code></pre></div></div>', block('ruby', 'a')],
    ['Rouge in a table', '<div class="language-ruby highlighter-rouge"><table class="rouge-table"><tbody><tr><td class="rouge-gutter gl"><pre class="lineno">1\n</pre></td><td class="rouge-code"><pre>a\n</pre></td></tr></tbody></table></div>', block('ruby', 'a')],
    ['Chroma', '<div class="highlight"><pre class="chroma"><code class="language-go" data-lang="go"><span class="line"><span class="ln">1</span><span class="cl">a\n</span></span></code></pre></div>', block('go', 'a')],
    ['GitHub', '<div class="highlight highlight-source-shell"><pre>a</pre><div class="zeroclipboard-container"><clipboard-copy value="a">Copy</clipboard-copy></div></div>', block('shell', 'a')],
    ['Pandoc', '<div class="sourceCode"><pre class="sourceCode python"><code class="sourceCode python">a</code></pre></div>', block('python', 'a')],
    ['SyntaxHighlighter', '<pre class="brush: java; gutter: true">a</pre>', block('java', 'a')],
    ['Doxygen', '<div class="fragment"><div class="line"><span class="lineno">    1</span>a</div>\n<div class="line"><span class="lineno">    2</span>  b</div>\n</div>', block('', 'a\n  b')],
    ['Javadoc', '<div class="member-signature"><span class="modifiers">public</span>&nbsp;<span class="return-type">int</span>&nbsp;<span class="element-name">a</span>()</div>', block('java', 'public int a()')],
    ['a copy button inside', '<pre><code class="ts">a<button>Copy</button></code></pre>', block('ts', 'a')],
    ['breaks and blocks are lines', '<pre>a<br>b<div>c</div>d</pre>', block('', 'a\nb\nc\nd')],
  ])

  test('the language can be the caller’s own choice', () => {
    const languageOf = (names: readonly string[]): string | undefined => (names.includes('our-rust') ? 'rust' : undefined)
    expect(htmlToMarkdown('<pre class="our-rust">a</pre>', { languageOf })).toBe(block('rust', 'a'))
  })
})

describe('admonitions have one form', () => {
  const note = '> **Note:** a'
  shows([
    ['Sphinx', '<div class="admonition note"><p class="admonition-title">Note</p><p>a</p></div>', note],
    ['MkDocs, folded', '<details class="note"><summary>Note</summary><p>a</p></details>', note],
    ['Docusaurus', '<div class="theme-admonition theme-admonition-note alert alert--secondary"><div class="admonitionHeading_x"><span class="admonitionIcon_x"><svg></svg></span>note</div><div class="admonitionContent_x"><p>a</p></div></div>', note],
    ['Antora', '<div class="admonitionblock note"><table><tr><td class="icon"><i class="fa icon-note" title="Note"></i></td><td class="content">a</td></tr></table></div>', note],
    ['DocBook', '<div class="note"><h3 class="title">Note</h3><p>a</p></div>', note],
    ['DocBook in a table', '<div class="note"><table><tr><td rowspan="2"><img alt="[Note]" src="n.png"></td><th>Note</th></tr><tr><td><p>a</p></td></tr></table></div>', note],
    ['GitHub', '<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title"><svg></svg>Note</p><p>a</p></div>', note],
    ['VitePress', '<div class="custom-block note"><p class="custom-block-title">NOTE</p><p>a</p></div>', note],
    ['Confluence', '<div class="confluence-information-macro confluence-information-macro-note"><div class="confluence-information-macro-body"><p>a</p></div></div>', note],
    ['Docsy', '<div class="alert alert-warning" role="alert"><h4 class="alert-heading">Warning</h4>a</div>', '> **Warning:** a'],
    ['with a title of its own', '<div class="admonition tip"><p class="admonition-title">Save <i>time</i></p><p>a</p><pre>b</pre></div>', '> **Tip:** Save *time*\n>\n> a\n>\n> ```\n> b\n> ```'],
    ['that begins with a list', '<div class="admonition warning"><p class="admonition-title">Warning</p><ul><li>a</ul></div>', '> **Warning:**\n>\n> - a'],
    ['that says itself what it is', '<div class="note"><p><b>Note:</b> a</p></div>', '> **Note:** a'],
    ['details are a title and what is folded', '<details><summary>More</summary><p>a</p></details>', '**More**\n\na'],
  ])
})

describe('tables', () => {
  shows([
    ['head and body', '<table><thead><tr><th>a<th>b<tbody><tr><td>c<td>d|e</table>', '| a | b |\n| --- | --- |\n| c | d\\|e |'],
    ['without a head', '<table><tr><td>a<td>b<tr><td>c<td>d</table>', '|  |  |\n| --- | --- |\n| a | b |\n| c | d |'],
    ['a caption stands above', '<table><caption>Table 1</caption><tr><th>a<tr><td>b</table>', '*Table 1*\n\n| a |\n| --- |\n| b |'],
    ['cells over rows are repeated in each', '<table><tr><th>a<th>b<tr><td rowspan=2>c<td>d<tr><td>e</table>', '| a | b |\n| --- | --- |\n| c | d |\n| c | e |'],
    ['cells over columns', '<table><tr><th>a<th>b<th>c<tr><td colspan=2>d<td>e</table>', '| a | b | c |\n| --- | --- | --- |\n| d |  | e |'],
    ['several rows of heads', '<table><thead><tr><th rowspan=2>a<th colspan=2>b<tr><th>c<th>d<tbody><tr><td>1<td>2<td>3</table>', '| a | b / c | b / d |\n| --- | --- | --- |\n| 1 | 2 | 3 |'],
    ['blocks in a cell', '<table><tr><th>a<tr><td><p>b</p><p>c</p><ul><li>d<li>e</ul></table>', '| a |\n| --- |\n| b<br>c<br>- d<br>- e |'],
    ['code in a cell', '<table><tr><th>a<tr><td><pre>b | c\nd</pre></table>', '| a |\n| --- |\n| `b \\| c`<br>`d` |'],
    ['a table in a cell', '<table><tr><th>a<tr><td>b<table><tr><td>c<td>d<tr><td>e<td>f</table></table>', '| a |\n| --- |\n| b<br>c d<br>e f |'],
    ['a table for layout is read through', '<table role="presentation"><tr><td>a<td><h2>b</h2></table>', 'a\n\n## b'],
    ['also one that only looks like it', '<table><tr><td><ul><li>a</ul><td><h2>b</h2><p>c</table>', '- a\n\n## b\n\nc'],
    ['a row without cells is none', '<table><tr><th>a<tr></tr><tr><td>b</table>', '| a |\n| --- |\n| b |'],
  ])
})

describe('footnotes', () => {
  const expected = 'a[^1]\n\n[^1]: b'
  shows([
    ['GitHub', '<p>a<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref>1</a></sup></p><section data-footnotes class="footnotes"><ol><li id="user-content-fn-1"><p>b <a href="#user-content-fnref-1" data-footnote-backref>↩</a></p></li></ol></section>', expected],
    ['Sphinx', '<p>a<a class="footnote-reference brackets" href="#id2" id="id1"><span class="fn-bracket">[</span>1<span class="fn-bracket">]</span></a></p><aside class="footnote brackets" id="id2" role="doc-footnote"><span class="label"><span class="fn-bracket">[</span><a href="#id1">1</a><span class="fn-bracket">]</span></span><p>b</p></aside>', expected],
    ['Python-Markdown', '<p>a<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p><div class="footnote"><ol><li id="fn:1"><p>b&nbsp;<a class="footnote-backref" href="#fnref:1">&#8617;</a></p></li></ol></div>', expected],
    ['Pandoc', '<p>a<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a></p><section class="footnotes" role="doc-endnotes"><ol><li id="fn1"><p>b<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>', expected],
    ['AsciiDoc', '<p>a<sup class="footnote">[<a id="_footnoteref_1" class="footnote" href="#_footnotedef_1">1</a>]</sup></p><div class="footnote" id="_footnotedef_1"><a href="#_footnoteref_1">1</a>. b</div>', expected],
    ['a reference without its footnote stays a link', '<p>a<sup><a class="footnote-ref" href="#gone">1</a></sup></p>', 'a<sup>[1](#gone)</sup>'],
  ])
})

describe('formulas', () => {
  shows([
    ['Sphinx', 'a <span class="math notranslate">\\(x_1\\)</span>', 'a $x_1$'],
    ['Sphinx, in its own line', '<div class="math">\\[x^2\\]</div>', '$$\nx^2\n$$'],
    ['MathJax 2', 'a <span class="MathJax_Preview">p</span><script type="math/tex">x^2</script>', 'a $x^2$'],
    ['KaTeX', '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">x^2</annotation></semantics></math></span><span class="katex-html" aria-hidden="true">x2</span></span>', '$x^2$'],
    ['MathML', '<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><msup><mi>c</mi><mn>2</mn></msup></mfrac></math>', '$(a+b)/(c^2)$'],
    ['an image', '<img class="math" alt="x^2" src="x.png">', '$x^2$'],
  ])
})

describe('characters are escaped only where they would be markup', () => {
  shows([
    ['prose stays as it is', 'snake_case, [x], List&lt;T&gt;, 2 * 3, a*b, *args and **kw, ~/x, #1, C:\\dir, AT&amp;T, 50%', 'snake_case, [x], List<T>, 2 * 3, a*b, *args and **kw, ~/x, #1, C:\\dir, AT&T, 50%'],
    ['what would be emphasis', '2*3*4 __init__ _a_ ~~b~~', '2\\*3\\*4 \\_\\_init\\_\\_ \\_a\\_ \\~\\~b\\~\\~'],
    ['what would be a link, an element, an entity, code', '[a](b) &lt;div&gt; &amp;lt; `a`', '[a\\](b) \\<div> \\&lt; \\`a\\`'],
    ['what would be a block at the start of a line', '<p># a</p><p>- b</p><p>1. c</p><p>> d</p><p>---</p><p>+ e</p><p>a<br>- b</p>', '\\# a\n\n\\- b\n\n1\\. c\n\n\\> d\n\n\\---\n\n\\+ e\n\na  \n\\- b'],
    ['addresses are left alone', 'https://a.test/_x_/*y*', 'https://a.test/_x_/*y*'],
  ])
})
