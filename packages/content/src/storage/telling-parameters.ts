import { visibleText } from '../markdown/phrasing.ts'
import { plainName } from './macro.ts'

/** Parameters of macros and apps that are shown as text, whatever the macro. */
const WORDS = [
  'title', 'label', 'text', 'caption', 'heading', 'subtitle', 'question', 'description', 'message', 'alt', 'name', 'diagramName',
  'diagramDisplayName', 'filename', 'panelTitle',
]

/** Parameters that some software uses as the body of a macro. */
const BODIES = ['body']

/** Where the Cloud editor puts the plain body of a macro, which is code of some kind. */
const PLAIN_BODY = '__bodyContent'

/** Others that may be one, or the name of an option: one word alone says nothing. */
const PERHAPS_BODIES = [
  'content', 'value', 'note', 'comment', 'summary', 'details', 'markdown', 'html', 'latex', 'tex', 'formula', 'equation', 'source', 'code',
  'script', 'quote', 'answer', 'header', 'footer', 'tooltip',
]

/** What names the language of code. */
export const LANGUAGES = ['language', 'lang', 'codeLanguage', 'syntax', 'brush', 'programmingLanguage']

/** What names where something is, how it looks, or what is searched for. */
const NO_PROSE = /(?:url|src|href|link|style|css|query|jql|cql|filter|columns|class|params?|regex|pattern)$/

/** What a reader is told by the parameters of a macro. */
export interface Telling {
  /** Of one line each. */
  readonly words: readonly string[]
  /** Code, and what has several lines: the source of a diagram, say, whose lines are part of it. */
  readonly texts: readonly string[]
  /** The language of its code, or nothing. */
  readonly language: string
}

/** Reads the parameters of a macro or app that nobody knows. `parameters`: values as they were typed, by their names. */
export function tellingParameters(parameters: Iterable<readonly [string, string]>): Telling {
  const values = new Map<string, string>()
  for (const [name, value] of parameters) if (!values.has(plainName(name))) values.set(plainName(name), value.trim())
  const of = (names: readonly string[]): string[] => names.map(name => values.get(plainName(name)) ?? '')
  const known = new Set([...WORDS, ...BODIES, PLAIN_BODY, ...PERHAPS_BODIES, ...LANGUAGES].map(plainName))
  const prose = [...values].filter(([name, value]) => !known.has(name) && !NO_PROSE.test(name) && isProse(value)).map(([, value]) => value)
  const found = [...of(WORDS), ...of(BODIES).filter(value => !isSwitch(value)), ...of(PERHAPS_BODIES).filter(value => /\s/.test(value)), ...prose]
  const all = [...new Set(found)]
  return {
    words: all.filter(value => !value.includes('\n')).map(value => visibleText(value).trim()).filter(word => word !== ''),
    texts: [...of([PLAIN_BODY]), ...all.filter(value => value.includes('\n'))].filter(value => value !== ''),
    language: of(LANGUAGES).find(value => value !== '') ?? '',
  }
}

function isSwitch(value: string): boolean {
  return /^(?:true|false|\d+)$/i.test(value)
}

const FEWEST_WORDS = 5

/** A sentence, and no list of keys, ids or settings. */
function isProse(value: string): boolean {
  if (/[={}|]/.test(value)) return false
  const words = value.split(/\s+/)
  return words.length >= FEWEST_WORDS && words.filter(word => /\p{L}{2}/u.test(word)).length >= FEWEST_WORDS
}
