import { callout } from '../markdown/callout.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import type { Flow } from '../markdown/leaf.ts'
import { decisionList } from '../markdown/decision-list.ts'
import { PANEL_LABELS } from '../markdown/panel-labels.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { type Conversion, type Handler, nested, type Scope } from './conversion.ts'
import type { XmlElement, XmlNode } from './read-xml.ts'
import { attribute, childElements, childNamed, textOf } from './xml-query.ts'

/**
 * A node of the Cloud editor that storage format has no element for: the node as `ac:adf-node`, and what older
 * clients show as `ac:adf-fallback`. Both say the same, so one of them is converted.
 */
export const adfExtension: Handler = (element, scope, conversion) => {
  const node = childNamed(element, 'ac:adf-node')
  const fallback = childNamed(element, 'ac:adf-fallback')
  const rest = element.children.filter(child => child !== node && child !== fallback)
  const converted = node === undefined ? [] : adfNode(node, scope, conversion)
  const shown = converted.length > 0 ? converted : flowToBlocks(conversion.convert((fallback ?? node)?.children ?? [], scope))
  return [...shown, ...conversion.convert(rest, scope)]
}

/** Nothing for a type that isn't known here. */
function adfNode(node: XmlElement, scope: Scope, conversion: Conversion): Flow[] {
  const type = attribute(node, 'type')
  if (type === 'panel') return adfPanel(node, scope, conversion)
  if (type === 'decision-list') {
    const isItem = (child: XmlNode): boolean => child.type === 'element' && child.name === 'ac:adf-node'
    const others = conversion.convert(node.children.filter(child => !isItem(child) && !isAttribute(child)), scope)
    const items = childElements(node).filter(isItem).map(item => flowToBlocks(contentOf(item, nested(scope), conversion)))
    return [...(scope.nest >= MAX_NEST ? items.flat() : decisionList(items)), ...flowToBlocks(others)]
  }
  return []
}

function adfPanel(node: XmlElement, scope: Scope, conversion: Conversion): Flow[] {
  const body = flowToBlocks(contentOf(node, nested(scope), conversion))
  if (scope.nest >= MAX_NEST) return body
  const panel = callout(PANEL_LABELS.get(adfAttribute(node, 'panel-type')) ?? '', '', body)
  return panel === undefined ? [] : [panel]
}

function contentOf(node: XmlElement, scope: Scope, conversion: Conversion): Flow[] {
  return conversion.convert(node.children.filter(child => !isAttribute(child)), scope)
}

function isAttribute(node: XmlNode): boolean {
  return node.type === 'element' && node.name === 'ac:adf-attribute'
}

function adfAttribute(node: XmlElement, key: string): string {
  const found = childElements(node).find(child => child.name === 'ac:adf-attribute' && attribute(child, 'key') === key)
  return found === undefined ? '' : textOf(found).trim()
}
