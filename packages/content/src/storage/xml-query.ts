import type { XmlElement, XmlNode } from './read-xml.ts'

export function attribute(element: XmlElement, name: string): string | undefined {
  const value = element.attributes.get(name)?.trim()
  return value === '' ? undefined : value
}

export function isElement(node: XmlNode | undefined): node is XmlElement {
  return node?.type === 'element'
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter(isElement)
}

export function childNamed(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  return childElements(element).find(child => names.includes(child.name))
}

/** Every element below, in the order of the document. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    if (child.type !== 'element') continue
    yield child
    yield* descendants(child)
  }
}

/** All text below, as it stands. */
export function textOf(node: XmlNode): string {
  return node.type === 'text' ? node.value : node.children.map(textOf).join('')
}
