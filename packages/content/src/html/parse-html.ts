import type { ChildNode, Document, ParentNode } from 'domhandler'
import { Parser, type Token, type TreeAdapter } from 'parse5'
import { adapter, type Htmlparser2TreeAdapterMap } from 'parse5-htmlparser2-tree-adapter'

/** Elements inside each other. Deeper ones are left out, their content stays. Browsers stop at 512. */
const MAX_DEPTH = 256
/** Formatting elements that are opened again because of bad nesting, apart from one for each 16 characters. */
const FREE_REOPENINGS = 10_000
/** Attributes of one element that are looked at. */
const MAX_ATTRIBUTES = 200

/** Their content is no markup: leaving out the start tag would turn a script into text. They do not nest. */
const RAW_TEXT = new Set([
  'iframe', 'noembed', 'noframes', 'noscript', 'plaintext', 'script', 'style', 'textarea', 'title', 'xmp',
])

/** The tree of an HTML document as a browser would build it, with a limit on depth; linear in time and memory. */
export function parseHtml(html: string): Document {
  return BoundedParser.parse(html, { treeAdapter, scriptingEnabled: true }) as Document
}

const treeAdapter: TreeAdapter<Htmlparser2TreeAdapterMap> = {
  ...adapter,
  // Content in the wrong place of a table goes before the table: the search for it starts at the end, where it is.
  insertBefore(parent, node, reference) {
    insertAt(parent, node, parent.children.lastIndexOf(reference))
  },
  insertTextBefore(parent, text, reference) {
    const before = reference.prev
    if (before !== null && adapter.isTextNode(before)) before.data += text
    else insertAt(parent, adapter.createTextNode(text), parent.children.lastIndexOf(reference))
  },
}

function insertAt(parent: ParentNode, node: ChildNode, index: number): void {
  const next = parent.children[index]
  if (next === undefined) return
  node.prev = next.prev
  node.next = next
  node.parent = parent
  if (next.prev !== null) next.prev.next = node
  next.prev = node
  parent.children.splice(index, 0, node)
}

class BoundedParser extends Parser<Htmlparser2TreeAdapterMap> {
  #reopened = 0
  #charactersSeen = 0

  override onStartTag(token: Token.TagToken): void {
    this.#charactersSeen += token.tagName.length + 2
    if (token.attrs.length > MAX_ATTRIBUTES) token.attrs.length = MAX_ATTRIBUTES
    if (this.openElements.stackTop < MAX_DEPTH || RAW_TEXT.has(token.tagName)) super.onStartTag(token)
  }

  override onCharacter(token: Token.CharacterToken): void {
    this.#charactersSeen += token.chars.length
    super.onCharacter(token)
  }

  // `<b id=1><b id=2>…<p>x<p>x…` opens every b again in every p: a few kilobytes would become millions of elements.
  override _reconstructActiveFormattingElements(): void {
    if (this.#reopened > FREE_REOPENINGS + this.#charactersSeen / 16) return
    const before = this.openElements.stackTop
    if (before >= MAX_DEPTH) return
    super._reconstructActiveFormattingElements()
    this.#reopened += this.openElements.stackTop - before
  }
}
