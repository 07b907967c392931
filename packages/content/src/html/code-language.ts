import type { Element } from 'domhandler'

import { attribute, classesOf, isElement } from './element.ts'

const PREFIXED = /^(?:language|lang|highlight-source|highlight-text|highlight|brush|code|source)[-:](.+)$/i
/** Names that say there is none, or that belong to the highlighter. */
const NO_LANGUAGE = new Set(
  (
    'default none text plain plaintext txt nohighlight notranslate wrapper block body content copy container toolbar ' +
    'example highlight inline box title header panel element area line lines unknown raw auto ignore fence tabs group ' +
    'output literal listing'
  ).split(' '),
)
/** Languages whose bare name as a class of a code block means the language. */
const BARE = new Set(
  (
    'ada asm awk bash basic batch bat c clojure cmake cobol coffeescript console cpp cs csharp css csv cypher d dart ' +
    'delphi diff dockerfile elixir elm erlang fortran fsharp go golang gradle graphql groovy haskell hcl html http ' +
    'ini java javascript jinja js json json5 jsonc jsx julia kotlin latex less lisp llvm lua make makefile markdown ' +
    'matlab mermaid nasm nginx nim nix objc objectivec ocaml pascal patch perl php postgresql powershell prolog ' +
    'properties proto protobuf puppet py pycon python python3 qml r rb rest rst ruby rust sass scala scheme scss sh ' +
    'shell sml solidity sql swift tcl terraform toml ts tsx typescript vb verilog vhdl vue wasm xml xslt yaml yml zig zsh'
  ).split(' '),
)
/** Wrappers around the block that may name its language. */
const LEVELS = 4
/** Beyond these, an element speaks of more than one block of code. */
const BOUNDARY = new Set(['article', 'aside', 'blockquote', 'body', 'dd', 'li', 'main', 'section', 'html'])

/**
 * Language of a code block: from the block itself, its `code`, or the wrappers of its highlighter, in the ways of
 * highlight.js, Prism, Shiki, Pygments, Rouge, Chroma, Pandoc, SyntaxHighlighter and GitHub.
 */
export function codeLanguage(
  block: Element,
  languageOf: (classNames: readonly string[]) => string | undefined,
): string | undefined {
  const inner = block.children.find((child) => isElement(child) && child.name === 'code')
  const own = [...(isElement(inner) ? [inner] : []), block]
  for (const element of [...own, ...wrappersOf(block)]) {
    const language = languageOf(classesOf(element)) ?? languageOfElement(element, own.includes(element))
    if (language !== undefined) return language
  }
  return undefined
}

function wrappersOf(block: Element): Element[] {
  const wrappers: Element[] = []
  let { parent } = block
  while (isElement(parent) && wrappers.length < LEVELS && !BOUNDARY.has(parent.name)) {
    wrappers.push(parent)
    parent = parent.parent
  }
  return wrappers
}

function languageOfElement(element: Element, own: boolean): string | undefined {
  const named = attribute(element, 'data-lang') ?? attribute(element, 'data-language')
  if (named !== undefined && isName(named)) return named.toLowerCase()
  const brush = /\bbrush:\s*([\w#+-]+)/i.exec(
    `${attribute(element, 'class') ?? ''} ${attribute(element, 'data-syntaxhighlighter-params') ?? ''}`,
  )?.[1]
  if (brush !== undefined && isName(brush)) return brush.toLowerCase()
  const classes = classesOf(element)
  for (const name of classes) {
    const language = PREFIXED.exec(name)?.[1]
    if (language !== undefined && isName(language)) return language.toLowerCase()
  }
  if (!own) return undefined
  const lang = attribute(element, 'lang')?.toLowerCase()
  return [...classes.map((name) => name.toLowerCase()), ...(lang === undefined ? [] : [lang])].find((name) => BARE.has(name))
}

function isName(name: string): boolean {
  return /^[\w#+.-]{1,30}$/.test(name) && !NO_LANGUAGE.has(name.toLowerCase())
}
