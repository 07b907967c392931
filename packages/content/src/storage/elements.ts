import type { Handler } from './conversion.ts'
import { adfExtension } from './convert-adf-extension.ts'
import { image, resourceImage } from './convert-image.ts'
import { bareResource, emoticon, lineBreak, time } from './convert-inline.ts'
import { anchor, resourceLink } from './convert-link.ts'
import { bulletList, numberedList } from './convert-list.ts'
import { macro } from './convert-macro.ts'
import { table } from './convert-table.ts'
import { block, dropped, heading, inline, mark, paragraph, preformatted, quotation, term } from './convert-text.ts'
import type { XmlElement } from './read-xml.ts'

/** What is done with an element. Those that nobody knows are transparent: what is in them is converted. */
export function handlerOf(element: XmlElement): Handler {
  return HANDLERS.get(element.name) ?? inline
}

const strong = mark({ strong: true })
const emphasis = mark({ emphasis: true })
const deleted = mark({ delete: true })
const code = mark({ code: true })

const BLOCKS = [
  'div', 'section', 'article', 'header', 'footer', 'main', 'aside', 'nav', 'figure', 'figcaption', 'address', 'center',
  'form', 'fieldset', 'dl', 'dd', 'caption', 'details', 'summary', 'li', 'tr',
  'ac:layout', 'ac:layout-section', 'ac:layout-cell', 'ac:rich-text-body', 'ac:task-body', 'ac:adf-content', 'ac:adf-node',
  'ac:adf-fallback', 'ac:caption',
]

/** What is no text of the page: instructions for whoever fills in a template, ids, settings. */
const DROPPED = [
  'script', 'style', 'colgroup', 'col', 'ac:placeholder', 'ac:parameter', 'ac:default-parameter', 'ac:task-id', 'ac:task-uuid',
  'ac:task-status', 'ac:adf-attribute', 'ac:adf-parameter', 'ac:adf-parameter-value', 'ac:adf-mark', 'ac:adf-data-consumer-source',
]

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...BLOCKS.map((name): [string, Handler] => [name, block]),
  ...DROPPED.map((name): [string, Handler] => [name, dropped]),
  ...([1, 2, 3, 4, 5, 6] as const).map((depth): [string, Handler] => [`h${depth}`, heading(depth)]),
  ['strong', strong], ['b', strong],
  ['em', emphasis], ['i', emphasis], ['cite', emphasis], ['dfn', emphasis],
  ['del', deleted], ['s', deleted], ['strike', deleted],
  ['code', code], ['kbd', code], ['samp', code], ['tt', code],
  ['sup', mark({ raised: true })],
  ['p', paragraph],
  ['br', lineBreak],
  ['hr', () => [{ type: 'thematicBreak' }]],
  ['blockquote', quotation],
  ['pre', preformatted],
  ['dt', term],
  ['ul', bulletList], ['ol', numberedList], ['ac:task-list', bulletList],
  ['table', table],
  ['a', anchor], ['ac:link', resourceLink],
  ['img', image], ['ac:image', resourceImage],
  ['ac:emoticon', emoticon], ['time', time],
  ['ac:structured-macro', macro], ['ac:macro', macro],
  ['ac:plain-text-body', preformatted],
  ['ac:adf-extension', adfExtension],
  ...['ri:user', 'ri:page', 'ri:blog-post', 'ri:content-entity', 'ri:attachment', 'ri:space', 'ri:url', 'ri:shortcut']
    .map((name): [string, Handler] => [name, bareResource]),
])
