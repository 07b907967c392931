import type { BlockContent, Paragraph } from 'mdast'
import { isRecord, stringAttribute } from '../adf/adf-node.ts'
import { strongParagraph } from '../markdown/callout.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { type Flow, textLeaf } from '../markdown/leaf.ts'
import { list, listItem } from '../markdown/list.ts'
import { MAX_NEST } from '../markdown/max-nest.ts'
import { phrasing, visibleText } from '../markdown/phrasing.ts'
import type { Conversion, Scope } from './conversion.ts'
import { parameterLinks } from './convert-link.ts'
import { type Macro, parameter } from './macro.ts'
import { percentDecoded } from './percent-decoded.ts'

/**
 * The roadmap planner: a list of its lanes with their bars, and of its markers. All that a reader sees of it is in
 * one parameter, `source`: JSON, percent-encoded by the editor and plain when other software wrote the page. What
 * cannot be read as such is shown as it stands, decoded as far as it can be.
 */
export function roadmap(macro: Macro, scope: Scope, conversion: Conversion): Flow[] {
  const source = parameter(macro, 'source')
  const plan = planOf(source) ?? planOf(percentDecoded(source))
  const title = visibleText(percentDecoded(parameter(macro, 'title')) || stringAttribute({ attributes: plan ?? {} }, 'title')).trim()
  const raw = plan === undefined ? flowToBlocks([textLeaf(percentDecoded(source))]) : []
  return [
    ...(title === '' ? [] : [strongParagraph(title)]),
    ...entryBlocks(plan === undefined ? [] : entriesOf(plan), scope.nest),
    ...raw,
    ...flowToBlocks(parameterLinks(macro, scope, conversion)),
  ]
}

type Json = Readonly<Record<string, unknown>>

interface Entry {
  readonly text: string
  readonly below: readonly Entry[]
}

function planOf(source: string): Json | undefined {
  try {
    const plan: unknown = JSON.parse(source)
    return isRecord(plan) ? plan : undefined
  }
  catch {
    return undefined
  }
}

/** Lanes, bars that stand in none, markers. A lane or bar without any text leaves what is in it. */
function entriesOf(plan: Json): Entry[] {
  const lanes = recordsIn(plan, 'lanes').flatMap(lane => entry(lane, barsIn(lane)))
  return [...lanes, ...barsIn(plan), ...recordsIn(plan, 'markers').flatMap(marker => entry(marker, []))]
}

function barsIn(holder: Json): Entry[] {
  return recordsIn(holder, 'bars').flatMap(bar => entry(bar, []))
}

function entry(item: Json, below: readonly Entry[]): readonly Entry[] {
  const texts = ['title', 'description'].map(name => visibleText(stringAttribute({ attributes: item }, name)).trim())
  const text = texts.filter(part => part !== '').join(': ')
  return text === '' ? below : [{ text, below }]
}

function recordsIn(holder: Json, name: string): Json[] {
  const value = holder[name]
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function entryBlocks(entries: readonly Entry[], nest: number): BlockContent[] {
  const blocks = entries.map(({ text, below }) => [line(text), ...entryBlocks(below, nest + 1)])
  const made = nest >= MAX_NEST ? undefined : list(blocks.map(item => listItem(item)))
  return made === undefined ? blocks.flat() : [made]
}

function line(text: string): Paragraph {
  return { type: 'paragraph', children: phrasing([textLeaf(text)]) }
}
