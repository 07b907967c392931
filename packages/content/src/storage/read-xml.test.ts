import { expect, it } from 'vitest'
import { readXml, type XmlNode } from './read-xml.ts'

/** The tree in one line: `p[a="1"](text b(x))`. */
function show(nodes: readonly XmlNode[]): string {
  return nodes.map(node => {
    if (node.type === 'text') return JSON.stringify(node.value)
    const attributes = [...node.attributes].map(([name, value]) => ` ${name}=${value}`).join('')
    return `${node.name}${attributes}(${show(node.children)})`
  }).join(' ')
}

it.each([
  ['<p>a<b>c</b></p>', 'p("a" b("c"))'],
  ['<ac:Link RI:x="1"\n y = \'2\' />', 'ac:link ri:x=1 y=2()'],
  ['<a href="?a=1&amp;b=&#50;&eacute;">x</a>', 'a href=?a=1&b=2é("x")'],
  ['&nbsp;&lt;&bogus;&#0;&#xD800;&#x110000;&', '"\u00A0<&bogus;\uFFFD\uFFFD\uFFFD&"'],
  ['<![CDATA[<b>&amp;]]]]><![CDATA[>]]>', '"<b>&amp;]]>"'],
  ['a<!-- <b> -->c<?xml x?><!DOCTYPE p>d', '"acd"'],
  ['<br>x<br/>y</br>', 'br() "x" br() "y"'],
  ['<p><b>x</p>y</b>', 'p(b("x")) "y"'],
  ['</p>a</q>', '"a"'],
  ['a < b <3 <', '"a < b <3 <"'],
  ['<p class="x>a</p>', '"<p class=\\"x>a"'],
  ['<p a="1" "b">x</p>', '"<p a=\\"1\\" \\"b\\">x"'],
  ['<p words here>x</p>', '"<p words here>x"'],
  ['<ac:parameter ac:name="t">a<p>b</p>', 'ac:parameter ac:name=t("a") p("b")'],
  ['<ac:task-status>a</ac:task-stat>b', 'ac:task-status("a") "b"'],
  ['<ac:parameter ac:name="t"><ac:link><ri:page ri:x="1"></ac:link></ac:parameter>', 'ac:parameter ac:name=t(ac:link(ri:page ri:x=1()))'],
  [
    '<ac:adf-attribute key="p"><ac:adf-parameter key="a"><ac:adf-parameter key="b">c</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute>d',
    'ac:adf-attribute key=p(ac:adf-parameter key=a(ac:adf-parameter key=b("c"))) "d"',
  ],
  [
    '<ac:adf-attribute key="p"><ac:adf-parameter key="a"><ac:adf-parameter key="b">c<p>d</p>',
    'ac:adf-attribute key=p(ac:adf-parameter key=a(ac:adf-parameter key=b("c"))) p("d")',
  ],
  ['<ac:adf-mark key="m"><ac:adf-data-consumer-source>a<p>b</p>', 'ac:adf-mark key=m(ac:adf-data-consumer-source("a")) p("b")'],
  ['<!-- never closed', '"<!-- never closed"'],
  ['<![CDATA[never closed', '"never closed"'],
])('%s is read as %s', (source, tree) => {
  expect(show(readXml(source).children)).toBe(tree)
})

it('keeps what is nested too deep, at the deepest level allowed', () => {
  const deep = readXml(`${'<i>'.repeat(10_000)}core${'</i>'.repeat(10_000)}after`)
  let depth = 0
  let node: XmlNode | undefined = deep.children[0]
  while (node?.type === 'element') {
    node = node.children[0]
    depth += 1
  }
  expect([node, deep.children[1]]).toEqual([{ type: 'text', value: 'core' }, { type: 'text', value: 'after' }])
  expect(depth).toBeLessThan(200)
})
