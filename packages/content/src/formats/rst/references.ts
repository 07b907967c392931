import { indentOf } from './lines.ts'

const TARGET = /^\s*\.\. _((?:`[^`]+`)|(?:[^:\\]|\\.)+):(?:\s+(\S.*))?$/
const SUBSTITUTION = /^\s*\.\. \|([^|\s](?:[^|]*[^|\s])?)\|\s+([\w-]+)::\s?(.*)$/
const UNDERLINE = /^([!-/:-@[-`{-~])\1{2,}$/
const INLINE_TARGET = /_`([^`\s][^`]{0,200})`/g
/** Continuation lines of one definition. */
const MOST_LINES = 50

/** What names stand for in one text: links and substitutions, wherever they are defined. */
export interface References {
  /** Addresses, by normalised name. */
  readonly targets: ReadonlyMap<string, string>
  /** Normalised names that lead to a place in the text: of targets without an address, and of sections. */
  readonly places: ReadonlySet<string>
  /** Text, by name as it is written. */
  readonly substitutions: ReadonlyMap<string, string>
}

/** Collects the definitions of a text, nested ones too. */
export function referencesOf(lines: readonly string[]): References {
  const targets = new Map<string, string>()
  const places = new Set<string>()
  const substitutions = new Map<string, string>()
  for (const [at, line] of lines.entries()) {
    if (UNDERLINE.test(line)) places.add(normalised(lines[at - 1] ?? ''))
    for (const [, name = ''] of line.matchAll(INLINE_TARGET)) places.add(normalised(name))
    if (!line.includes('.. ')) continue
    const substitution = SUBSTITUTION.exec(line)
    if (substitution !== null) {
      const [, name = '', directive = '', first = ''] = substitution
      substitutions.set(name, substitute(directive, [first, ...continuation(lines, at)]))
      continue
    }
    const [, name, first] = TARGET.exec(line) ?? []
    if (name === undefined) continue
    const address = [first ?? '', ...continuation(lines, at)].join('').trim()
    places.add(normalised(name.replace(/^`|`$/g, '')))
    if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|\.)/i.test(address) && !/\s/.test(address)) targets.set(normalised(name.replace(/^`|`$/g, '')), address)
  }
  return { targets, places, substitutions }
}

/** Names do not differ by case or white space. */
export function normalised(name: string): string {
  return name.replace(/\\(.)/g, '$1').replace(/\s+/g, ' ').trim().toLowerCase()
}

function continuation(lines: readonly string[], at: number): string[] {
  const indent = indentOf(lines[at] as string)
  const more: string[] = []
  for (let next = at + 1; next < lines.length && more.length < MOST_LINES; next++) {
    const line = lines[next] as string
    if (line === '' || indentOf(line) <= indent) break
    more.push(line.trim())
  }
  return more
}

function substitute(directive: string, lines: readonly string[]): string {
  const text = lines.filter((line) => !/^:[\w-]+:/.test(line)).join(' ').trim()
  if (directive === 'replace') return text
  if (directive === 'unicode') return text.split(/\s+/).map(character).join('')
  const alt = lines.find((line) => line.startsWith(':alt:'))?.slice(5).trim()
  return directive === 'image' ? (alt ?? '') : ''
}

/** `U+00A9`, `0xA9`, `&#xA9;` and plain text; comments begin with `..`. */
function character(code: string): string {
  const hex = /^(?:0x|x|\\x|u\+?|\\u|&#x)([0-9a-f]{1,6});?$/i.exec(code)?.[1]
  if (hex === undefined) return code === '..' ? '' : code
  const point = Number.parseInt(hex, 16)
  return point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : ''
}
