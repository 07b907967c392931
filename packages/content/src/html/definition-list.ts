import type { AnyNode, Element } from 'domhandler'
import type { ListItem, PhrasingContent } from 'mdast'

import type { Block, Conversion } from './conversion.ts'
import { childElements, isElement, isText, tagOf } from './element.ts'
import { isInvisible } from './invisible.ts'
import { isSpread, listItem } from './list.ts'

/**
 * A definition list as a list: `- **term**: its definition` where that is one paragraph, else the term and below it
 * the blocks. Terms that share a definition are in one item.
 */
export function definitionList(element: Element, conversion: Conversion): Block[] {
  const footnotes = conversion.blocks(partsOf(element).filter((part) => isFootnote(part, conversion)))
  const children = groupsOf(element, conversion)
    .map((group) => definition(group, conversion))
    .filter((item) => item.children.length > 0)
  if (children.length === 0) return footnotes
  return [{ type: 'list', ordered: false, spread: children.some((item) => item.spread === true), children }, ...footnotes]
}

interface Group {
  readonly terms: Element[]
  readonly definitions: AnyNode[]
}

function isFootnote(part: AnyNode, conversion: Conversion): boolean {
  return isElement(part) && conversion.footnoteAt(part) !== undefined
}

/** `dt` and `dd`, also in the `div` that HTML allows around a group, and whatever else stands there. */
function partsOf(element: Element): AnyNode[] {
  const parts: AnyNode[] = []
  for (const child of element.children) {
    if (isElement(child) ? isInvisible(child) : !isText(child) || child.data.trim() === '') continue
    const isGroup = tagOf(child) === 'div' && isElement(child) && childElements(child).some(({ name }) => name === 'dt')
    if (isGroup) for (const part of partsOf(child)) parts.push(part)
    else parts.push(child)
  }
  return parts
}

function groupsOf(element: Element, conversion: Conversion): Group[] {
  const groups: Group[] = []
  for (const part of partsOf(element)) {
    if (isFootnote(part, conversion)) continue
    const last = groups.at(-1)
    const isTerm = isElement(part) && part.name === 'dt'
    if (isTerm && (last === undefined || last.definitions.length > 0)) groups.push({ terms: [part], definitions: [] })
    else if (last === undefined) groups.push({ terms: [], definitions: [part] })
    else if (isTerm) last.terms.push(part)
    else last.definitions.push(part)
  }
  return groups
}

function definition(group: Group, conversion: Conversion): ListItem {
  const terms = group.terms.map((term) => termOf(term, conversion)).filter((term) => term.length > 0)
  const body = listItem(group.definitions, conversion)
  const [first, ...rest] = body.children
  if (terms.length === 0) return body
  const joined = terms.flatMap((term, at): PhrasingContent[] => (at === 0 ? term : [{ type: 'break' }, ...term]))
  if (terms.length === 1 && first?.type === 'paragraph' && !isSpread(body.children)) {
    const line: PhrasingContent[] = [...joined, { type: 'text', value: ': ' }, ...first.children]
    return { ...body, children: [{ type: 'paragraph', children: line }, ...rest] }
  }
  const children: Block[] = [{ type: 'paragraph', children: joined }, ...(body.children as Block[])]
  return { ...body, spread: isSpread(children), children }
}

/** A term in bold, unless it is all code or bold already. */
function termOf(term: Element, conversion: Conversion): PhrasingContent[] {
  const content = conversion.phrasing(term.children).flatMap((node) => (node.type === 'strong' ? node.children : [node]))
  const last = content.at(-1)
  if (last?.type === 'text') last.value = withoutColon(last.value)
  if (content.length === 0) return []
  return content.every(isCode) ? content : [{ type: 'strong', children: content }]
}

function isCode(node: PhrasingContent): boolean {
  return node.type === 'inlineCode' || (node.type === 'link' && node.children.every((inner) => isCode(inner)))
}

function withoutColon(text: string): string {
  const trimmed = text.trimEnd()
  return trimmed.endsWith(':') ? trimmed.slice(0, -1).trimEnd() : text
}
