import { absoluteUrl } from '../markdown/absolute-url.ts'
import { type Flow, type Leaf, type Marks, textLeaf } from '../markdown/leaf.ts'
import type { AdfConversion, AdfHandler, AdfScope } from './adf-conversion.ts'
import { withMarks } from './adf-marks.ts'
import { type AdfNode, isRecord, stringAttribute } from './adf-node.ts'

/** Text. Line breaks in it are shown as such by the editor. */
export const text: AdfHandler = (node, scope, conversion) => {
  const marks = withMarks(scope.marks, node.marks, conversion.options)
  const leaves = node.text.split(/\r\n?|\n/).flatMap((line, index): Leaf[] => {
    return index === 0 ? [textLeaf(line, marks)] : [{ leaf: 'break', marks }, textLeaf(line, marks)]
  })
  return [...leaves, ...conversion.convert(node.content, { ...scope, marks })]
}

export const hardBreak: AdfHandler = (_node, scope) => [{ leaf: 'break', marks: scope.marks }]

/** A person: the name that was looked up, else the one that the document was saved with. */
export const mention: AdfHandler = (node, scope, conversion) => {
  const written = stringAttribute(node, 'text').replace(/^@/, '').trim()
  const name = conversion.options.userName?.(stringAttribute(node, 'id'), written)?.trim() || written
  return shown(`@${name || 'unknown user'}`, node, scope, conversion)
}

export const emoji: AdfHandler = (node, scope, conversion) => {
  return shown(stringAttribute(node, 'text') || stringAttribute(node, 'shortName'), node, scope, conversion)
}

/** A day, from milliseconds at midnight UTC. */
export const date: AdfHandler = (node, scope, conversion) => {
  const raw = node.attributes['timestamp']
  const value = typeof raw === 'number' || typeof raw === 'string' ? String(raw).trim() : ''
  const time = new Date(Number(value))
  const valid = value !== '' && !Number.isNaN(time.getTime())
  return shown(valid ? time.toISOString().split('T', 1)[0] ?? value : value, node, scope, conversion)
}

export const status: AdfHandler = (node, scope, conversion) => shown(stringAttribute(node, 'text'), node, scope, conversion)

/** A link that is shown as a card: by the title it was saved with, else by its address. */
export const card: AdfHandler = (node, scope, conversion) => {
  const data = isRecord(node.attributes['data']) ? node.attributes['data'] : {}
  const address = stringAttribute(node, 'url') || stringAttribute({ attributes: data }, 'url')
  const name = stringAttribute({ attributes: data }, 'name') || stringAttribute({ attributes: data }, 'title')
  const { baseUrl } = conversion.options
  const url = absoluteUrl(address, baseUrl === undefined ? {} : { site: baseUrl })
  const marks = { ...withMarks(scope.marks, node.marks, conversion.options), ...(url !== undefined && { link: { url } }) }
  return leafOf(name || url || address, marks)
}

function shown(value: string, node: AdfNode, scope: AdfScope, { options }: AdfConversion): Flow[] {
  return leafOf(value, withMarks(scope.marks, node.marks, options))
}

function leafOf(value: string, marks: Marks): Leaf[] {
  return value === '' ? [] : [textLeaf(value, marks)]
}
