import { type AnyNode, type ChildNode, Element, Text } from 'domhandler'

export function isElement(node: AnyNode | null | undefined): node is Element {
  return node instanceof Element
}

export function isText(node: AnyNode | null | undefined): node is Text {
  return node instanceof Text
}

/** Lower-case name of an element; `''` for every other node. */
export function tagOf(node: AnyNode | null | undefined): string {
  return isElement(node) ? node.name : ''
}

export function attribute(element: Element, name: string): string | undefined {
  return Object.hasOwn(element.attribs, name) ? element.attribs[name] : undefined
}

export function classesOf(element: Element): readonly string[] {
  const value = attribute(element, 'class')
  return value === undefined ? [] : value.split(/[\t\n\f\r ]+/).filter((name) => name !== '')
}

/** Whether the element has one of these classes. */
export function hasClass(element: Element, ...names: readonly string[]): boolean {
  const value = attribute(element, 'class')
  if (value === undefined) return false
  const classes = classesOf(element)
  return names.some((name) => classes.includes(name))
}

export function childElements(element: { readonly children: readonly ChildNode[] }): Element[] {
  return element.children.filter((child) => isElement(child))
}

/** All text below a node in order, as it stands in the source. */
export function textContent(node: AnyNode): string {
  if (isText(node)) return node.data
  if (!('children' in node)) return ''
  let text = ''
  for (const child of node.children) text += textContent(child)
  return text
}

/** Elements below a node in document order, without the node itself. Of what `enter` refuses, nothing below is seen. */
export function* descendants(
  node: { readonly children: readonly ChildNode[] },
  enter: (element: Element) => boolean = () => true,
): Generator<Element> {
  const stack: ChildNode[] = [...node.children].reverse()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!isElement(next)) continue
    yield next
    if (!enter(next)) continue
    for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at] as ChildNode)
  }
}

/** First element below a node, in document order, for which `matches` holds. */
export function findElement(
  node: { readonly children: readonly ChildNode[] },
  matches: (element: Element) => boolean,
): Element | undefined {
  for (const element of descendants(node)) if (matches(element)) return element
  return undefined
}
