import type { AnyNode, Element } from 'domhandler'

import { attribute, descendants, hasClass, isElement, textContent } from './element.ts'

export interface Footnotes {
  /** Label by the link that refers to it. */
  readonly references: ReadonlyMap<Element, string>
  /** Label by the element that is the footnote. */
  readonly definitions: ReadonlyMap<Element, string>
}

const CLASSES = ['footnote-ref', 'footnote-reference', 'footnote', 'footnoteRef', 'fn-ref']

/** Footnotes of a document whose text is in it too. A reference without its footnote stays a link. */
export function findFootnotes(roots: readonly AnyNode[]): Footnotes {
  const references = new Map<Element, string>()
  const definitions = new Map<Element, string>()
  const links: Element[] = []
  const byId = new Map<string, Element>()
  for (const element of descendants({ children: roots as never })) {
    if (element.name === 'a' && isReference(element)) links.push(element)
    const id = attribute(element, 'id')
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
  }
  for (const link of links) {
    const target = byId.get(targetOf(link))
    const definition = target === undefined ? undefined : definitionOf(target)
    if (definition === undefined) continue
    const label = definitions.get(definition) ?? labelOf(link)
    if (label === undefined) continue
    definitions.set(definition, label)
    references.set(link, label)
  }
  return { references, definitions }
}

function isReference(link: Element): boolean {
  if (!(attribute(link, 'href') ?? '').includes('#')) return false
  if (attribute(link, 'data-footnote-ref') !== undefined || attribute(link, 'role') === 'doc-noteref') return true
  if (hasClass(link, ...CLASSES)) return true
  return isElement(link.parent) && link.parent.name === 'sup' && hasClass(link.parent, ...CLASSES)
}

function targetOf(link: Element): string {
  const href = attribute(link, 'href') ?? ''
  const fragment = href.slice(href.indexOf('#') + 1)
  try {
    return decodeURIComponent(fragment)
  } catch {
    // A stray percent sign: the fragment is meant literally.
    return fragment
  }
}

/** The block that a target belongs to: itself, or the item around an anchor. */
function definitionOf(target: Element): Element | undefined {
  if (target.name === 'dt') return undefined
  for (let element: AnyNode | null = target; isElement(element); element = element.parent) {
    if (element.name === 'li' || element.name === 'aside' || hasClass(element, 'footnote')) return element
    if (element.name === 'section' || element.name === 'body' || element.name === 'article') return undefined
  }
  return undefined
}

function labelOf(link: Element): string | undefined {
  const label = textContent(link).replace(/[[\]\s^]+/g, '')
  return label === '' || label.length > 40 ? undefined : label
}
