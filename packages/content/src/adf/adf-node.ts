/** A node of an Atlassian document, as far as it has the shape of one. */
export interface AdfNode {
  readonly type: string
  readonly text: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly content: readonly unknown[]
  readonly marks: readonly AdfMark[]
}

export interface AdfMark {
  readonly type: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/**
 * Reads one node, not what is below it. Whatever isn't a node gives one without a type: text for strings, its items
 * for an array, nothing for the rest. A schema would refuse a document for one unknown attribute; here every text
 * counts, so nothing is refused.
 */
export function readNode(value: unknown): AdfNode {
  if (typeof value === 'string') return { ...EMPTY, type: 'text', text: value }
  if (Array.isArray(value)) return { ...EMPTY, content: value }
  if (!isRecord(value)) return EMPTY
  const { type, text, attrs, content, marks } = value
  return {
    type: typeof type === 'string' ? type : '',
    text: typeof text === 'string' ? text : '',
    attributes: isRecord(attrs) ? attrs : {},
    content: Array.isArray(content) ? content : isRecord(content) || typeof content === 'string' ? [content] : [],
    marks: Array.isArray(marks) ? marks.filter(isRecord).map(readMark) : [],
  }
}

const EMPTY: AdfNode = { type: '', text: '', attributes: {}, content: [], marks: [] }

function readMark(mark: Readonly<Record<string, unknown>>): AdfMark {
  return { type: typeof mark['type'] === 'string' ? mark['type'] : '', attributes: isRecord(mark['attrs']) ? mark['attrs'] : {} }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string attribute without the white space around it; empty when it is missing or no text. */
export function stringAttribute(node: { readonly attributes: Readonly<Record<string, unknown>> }, name: string): string {
  const value = node.attributes[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** What a node says by itself; the words of a placeholder are for authors only. */
function wordsOf(node: AdfNode): string {
  return node.type === 'placeholder' ? '' : node.text || stringAttribute(node, 'text') || stringAttribute(node, 'title')
}

/** All text below a node, for code and for what is nested too deep to be shown as it is. */
export function plainText(values: readonly unknown[]): string {
  const parts: string[] = []
  // A list of what is still to come, not recursion: the depth comes from outside.
  const pending = [...values].reverse()
  while (pending.length > 0) {
    const node = readNode(pending.pop())
    parts.push(node.type === 'hardBreak' ? '\n' : wordsOf(node))
    for (let index = node.content.length - 1; index >= 0; index -= 1) pending.push(node.content[index])
  }
  return parts.join('')
}
