import { callout, strongParagraph } from '../markdown/callout.ts'
import { codeBlock } from '../markdown/code-block.ts'
import { decisionList } from '../markdown/decision-list.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { type Flow, textLeaf } from '../markdown/leaf.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { withIcon } from '../markdown/panel-icon.ts'
import { PANEL_LABELS } from '../markdown/panel-labels.ts'
import { adfAttribute, adfParameters } from './adf-parameters.ts'
import { type Conversion, type Handler, nested, type Scope } from './conversion.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { attribute, childElements, childNamed } from './xml-query.ts'

/**
 * A node of the Cloud editor that storage format has no element for: the node as `ac:adf-node`, and what older
 * clients show as `ac:adf-fallback`. Both say the same, so one of them is converted.
 */
export const adfExtension: Handler = (element, scope, conversion) => {
  const node = childNamed(element, 'ac:adf-node')
  const fallback = childNamed(element, 'ac:adf-fallback')
  const rest = element.children.filter(child => child !== node && child !== fallback)
  return [...shownOf(node, fallback, scope, conversion), ...conversion.convert(rest, scope)]
}

// Each of the two is converted once at most: twice at every level would be without end for panels in each other.
function shownOf(node: XmlElement | undefined, fallback: XmlElement | undefined, scope: Scope, conversion: Conversion): Flow[] {
  const old = (): Flow[] => conversion.convert(fallback?.children ?? [], scope)
  if (node === undefined) return flowToBlocks(old())
  const type = attribute(node, 'type') ?? ''
  if (type === 'panel') return firstOf(() => adfPanel(node, scope, conversion), () => flowToBlocks(old()))
  if (type === 'decision-list') return firstOf(() => decisions(node, scope, conversion), () => flowToBlocks(old()))
  const own = (): Flow[] => contentOf(node, scope, conversion)
  // An app in a sentence is part of it.
  if (APPS.has(type)) return app(node, type === 'inline-extension' ? firstOf(own, old) : flowToBlocks(firstOf(own, old)), scope)
  // Of what is not known here, the fallback says more than the bare content, except of a block that is shown in full.
  const shown = flowToBlocks(type.startsWith('bodied-') ? firstOf(own, old) : firstOf(old, own))
  const title = adfAttribute(node, 'title')
  return title === '' ? shown : [strongParagraph(title), ...shown]
}

function firstOf(...makers: readonly (() => Flow[])[]): Flow[] {
  for (const make of makers) {
    const flow = make()
    if (flow.length > 0) return flow
  }
  return []
}

const APPS = new Set(['extension', 'bodied-extension', 'inline-extension', 'multi-bodied-extension'])

/** What an app adds to a page: the telling ones of its settings, its code, and what is in it. */
function app(node: XmlElement, content: readonly Flow[], scope: Scope): Flow[] {
  const { words, texts, language } = adfParameters(node)
  const blocks = texts.flatMap(source => codeBlock(source, language) ?? [])
  if (content.length + blocks.length > 0) return [...words.map(word => strongParagraph(word)), ...blocks, ...content]
  // The name of the app is better than nothing.
  return line(words.join(' ') || adfAttribute(node, 'text'), scope)
}

function line(text: string, scope: Scope): Flow[] {
  const leaves = text === '' ? [] : [textLeaf(text, scope.marks)]
  return scope.inLine ? leaves : flowToBlocks(leaves)
}

function decisions(node: XmlElement, scope: Scope, conversion: Conversion): Flow[] {
  const isItem = (child: XmlNode): boolean => child.type === 'element' && child.name === 'ac:adf-node'
  const others = conversion.convert(node.children.filter(child => !isItem(child) && !isAttribute(child)), scope)
  const items = childElements(node).filter(isItem).map(item => flowToBlocks(contentOf(item, nested(scope), conversion)))
  return [...(scope.nest >= MAX_NEST ? items.flat() : decisionList(items)), ...flowToBlocks(others)]
}

function adfPanel(node: XmlElement, scope: Scope, conversion: Conversion): Flow[] {
  const type = adfAttribute(node, 'panel-type')
  const icon = type === 'custom' ? adfAttribute(node, 'panel-icon-text') || adfAttribute(node, 'panel-icon') : ''
  const content = flowToBlocks(contentOf(node, nested(scope), conversion))
  const { title, body } = withIcon(icon, adfAttribute(node, 'title'), content)
  if (scope.nest >= MAX_NEST) return [...(title === '' ? [] : [strongParagraph(title)]), ...body]
  const panel = callout(PANEL_LABELS.get(type) ?? '', title, body)
  return panel === undefined ? [] : [panel]
}

function contentOf(node: XmlElement, scope: Scope, conversion: Conversion): Flow[] {
  return conversion.convert(node.children.filter(child => !isAttribute(child)), scope)
}

function isAttribute(node: XmlNode): boolean {
  return node.type === 'element' && node.name === 'ac:adf-attribute'
}
