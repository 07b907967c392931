import type { PhrasingContent } from 'mdast'

import '../../markdown/math-nodes.ts'
import { normalised, type References } from './references.ts'

/** Roles whose text is code. Domains (`py:func`) come before them. */
const CODE = new Set(
  (
    'func function class meth method mod module attr attribute data exc exception obj const code literal file command ' +
    'program option envvar samp kbd regexp makevar mailheader mimetype newsgroup macro member type struct union enum ' +
    'enumerator var cmdoption confval setting token keyword operator opcode djadmin'
  ).split(' '),
)
const WORD = /[A-Za-z0-9](?:[\w.:+-]{0,100}[A-Za-z0-9])?(__?)(?![\w`])/y
const ROLE = /:([A-Za-z][\w.+-]{0,60}(?::[\w.+-]{1,60}){0,3}):`/y
const SUFFIX_ROLE = /:([A-Za-z][\w.+-]{0,60}(?::[\w.+-]{1,60}){0,3}):/y
const FOOTNOTE = /\[(?:#[\w.:+-]{0,60}|\*|[\w.:+-]{1,60})\]_(?!\w)/y
/** What may stand before and behind inline markup (docutils, "inline markup recognition rules"). */
const BEFORE = /[\s'"([{<\-/:‐-―‘“«¡¿]/
const AFTER = /[\s'")\]}>\-/:.,;!?\\‐-―’”»]/

/** The text of a line or paragraph as Markdown's phrasing. Takes linear time; no word is lost. */
export function phrasing(text: string, references: References): PhrasingContent[] {
  return new InlineReader(text, references).read()
}

/** The same without any markup, for titles. */
export function plainInline(text: string, references: References): string {
  return phrasing(text, references).map(textOf).join('').replace(/\s+/g, ' ').trim()
}

function textOf(node: PhrasingContent): string {
  if ('value' in node) return node.value
  if ('children' in node) return node.children.map(textOf).join('')
  return node.type === 'image' ? (node.alt ?? '') : ''
}

class InlineReader {
  readonly #text: string
  readonly #references: References
  readonly #nodes: PhrasingContent[] = []
  /** Ends that are not in the text behind a place are not behind a later one. */
  readonly #missing = new Set<string>()
  #plain = ''

  constructor(text: string, references: References) {
    this.#text = text
    this.#references = references
  }

  read(): PhrasingContent[] {
    const text = this.#text
    for (let at = 0; at < text.length; ) {
      const next = this.#markupAt(at)
      if (next !== undefined) at = next
      else if (text[at] === '\\' && at + 1 < text.length) {
        // An escaped blank is none at all.
        if (!/\s/.test(text.charAt(at + 1))) this.#plain += text.charAt(at + 1)
        at += 2
      } else this.#plain += text.charAt(at++)
    }
    this.#flush()
    return this.#nodes
  }

  /** Takes the markup that begins at a place; gives the place behind it. */
  #markupAt(at: number): number | undefined {
    const char = this.#text.charAt(at)
    if (!'*`:|[_'.includes(char) && !/[A-Za-z0-9]/.test(char)) return undefined
    if (at > 0 && !BEFORE.test(this.#text.charAt(at - 1))) return undefined
    if (this.#text.startsWith('``', at)) return this.#literal(at)
    if (char === '`') return this.#interpreted(at, undefined)
    if (char === ':') return this.#role(at)
    if (this.#text.startsWith('**', at)) return this.#spanned(at, '**', (value) => ({ type: 'strong', children: [{ type: 'text', value }] }))
    if (char === '*') return this.#spanned(at, '*', (value) => ({ type: 'emphasis', children: [{ type: 'text', value }] }))
    if (char === '|') return this.#spanned(at, '|', (value) => this.#substitution(value))
    if (this.#text.startsWith('_`', at)) return this.#spanned(at, '_`', (value) => ({ type: 'text', value }), '`')
    if (char === '[') return this.#footnote(at)
    return char === '_' ? undefined : this.#reference(at)
  }

  #literal(at: number): number | undefined {
    const end = this.#endOf('``', at + 2, true)
    if (end === undefined) return undefined
    this.#push({ type: 'inlineCode', value: this.#text.slice(at + 2, end).replace(/\s+/g, ' ') })
    return end + 2
  }

  #spanned(at: number, start: string, build: (value: string) => PhrasingContent, stop = start): number | undefined {
    const end = this.#endOf(stop, at + start.length, false)
    if (end === undefined) return undefined
    this.#push(build(unescaped(this.#text.slice(at + start.length, end))))
    const behind = end + stop.length
    // A substitution may be a link.
    return stop === '|' && this.#text[behind] === '_' ? behind + (this.#text[behind + 1] === '_' ? 2 : 1) : behind
  }

  #role(at: number): number | undefined {
    ROLE.lastIndex = at
    const role = ROLE.exec(this.#text)
    return role === null ? undefined : this.#interpreted(at + role[0].length - 1, role[1])
  }

  #interpreted(at: number, role: string | undefined): number | undefined {
    const end = this.#endOf('`', at + 1, false)
    if (end === undefined) return undefined
    const inner = this.#text.slice(at + 1, end)
    let behind = end + 1
    if (role === undefined && this.#text[behind] === '_') {
      this.#push(...this.#link(inner))
      behind += this.#text[behind + 1] === '_' ? 2 : 1
      return behind
    }
    SUFFIX_ROLE.lastIndex = behind
    const suffix = role === undefined ? SUFFIX_ROLE.exec(this.#text) : null
    if (suffix !== null) behind += suffix[0].length
    this.#push(...roleNodes(role ?? suffix?.[1], inner))
    return behind
  }

  /** `` `text <address>`_ `` and `` `name`_ ``. */
  #link(inner: string): PhrasingContent[] {
    const { words, target } = splitTarget(inner)
    const name = unescaped(words === '' ? (target ?? '') : words)
    const address = target === undefined ? this.#references.targets.get(normalised(words)) : target.endsWith('_') ? this.#references.targets.get(normalised(target.slice(0, -1))) : target
    return [linkTo(name, address)]
  }

  #reference(at: number): number | undefined {
    WORD.lastIndex = at
    const word = WORD.exec(this.#text)
    if (word === null || !this.#isEnd(at + word[0].length)) return undefined
    const name = word[0].slice(0, -(word[1]?.length ?? 1))
    const address = this.#references.targets.get(normalised(name))
    // A name with an underscore at its end, otherwise.
    if (address === undefined && !this.#references.places.has(normalised(name))) return undefined
    this.#push(linkTo(name, address))
    return at + word[0].length
  }

  #footnote(at: number): number | undefined {
    FOOTNOTE.lastIndex = at
    const mark = FOOTNOTE.exec(this.#text)?.[0]
    if (mark === undefined) return undefined
    this.#plain += mark.slice(0, -1)
    return at + mark.length
  }

  #substitution(name: string): PhrasingContent {
    const text = this.#references.substitutions.get(name)
    // What a build fills in (`|release|`) stays as it is.
    return { type: 'text', value: text === undefined ? `|${name}|` : unescaped(text) }
  }

  /** Where markup ends: behind something that is no blank, before something that ends a word. */
  #endOf(mark: string, from: number, literal: boolean): number | undefined {
    if (this.#missing.has(mark) || /\s/.test(this.#text.charAt(from))) return undefined
    for (let end = this.#text.indexOf(mark, from); end !== -1; end = this.#text.indexOf(mark, end + 1)) {
      const before = this.#text.charAt(end - 1)
      if (end === from || /\s/.test(before) || (before === '\\' && !literal)) continue
      const behind = end + mark.length
      if (mark === '`' || mark === '|' ? true : this.#isEnd(behind)) return end
    }
    this.#missing.add(mark)
    return undefined
  }

  #isEnd(at: number): boolean {
    return at >= this.#text.length || AFTER.test(this.#text.charAt(at))
  }

  #push(...nodes: readonly PhrasingContent[]): void {
    for (const node of nodes) {
      if (node.type === 'text') this.#plain += node.value
      else {
        this.#flush()
        this.#nodes.push(node)
      }
    }
  }

  #flush(): void {
    if (this.#plain !== '') this.#nodes.push({ type: 'text', value: this.#plain })
    this.#plain = ''
  }
}

function roleNodes(role: string | undefined, inner: string): PhrasingContent[] {
  const name = role?.split(':').at(-1)?.toLowerCase() ?? ''
  const { words, target } = splitTarget(inner)
  const shown = unescaped(words === '' ? (target ?? '') : words)
  if (name === 'math') return [{ type: 'inlineMath', value: inner }]
  if (name === 'pep' || name === 'rfc') return [{ type: 'text', value: target === undefined ? `${name.toUpperCase()} ${shown}` : shown }]
  if (name === 'strong') return [{ type: 'strong', children: [{ type: 'text', value: shown }] }]
  if (name === 'emphasis') return [{ type: 'emphasis', children: [{ type: 'text', value: shown }] }]
  // `~a.b` shows b alone, `!a` no link: the whole name is what people search for.
  if (CODE.has(name) || (role?.includes(':') ?? false)) return [{ type: 'inlineCode', value: shown.replace(/^[~!.]+/, '') }]
  return [{ type: 'text', value: /^(?:ref|doc|term|any|numref)$/.test(name) ? shown.replace(/^[!~]/, '') : shown }]
}

/** `text <target>` in its two parts. */
function splitTarget(inner: string): { readonly words: string; readonly target: string | undefined } {
  const open = inner.endsWith('>') && !inner.endsWith('\\>') ? inner.lastIndexOf('<') : -1
  if (open === -1 || (open > 0 && !/\s/.test(inner.charAt(open - 1)))) return { words: inner.trim(), target: undefined }
  return { words: inner.slice(0, open).trim(), target: inner.slice(open + 1, -1).replace(/\s+/g, '') }
}

function linkTo(name: string, address: string | undefined): PhrasingContent {
  if (address === undefined) return { type: 'text', value: name }
  return { type: 'link', url: address, children: [{ type: 'text', value: name }] }
}

function unescaped(text: string): string {
  return text.replace(/\\([^]?)/g, (_, char: string) => (/\s/.test(char) ? '' : char)).replace(/\s+/g, ' ')
}
