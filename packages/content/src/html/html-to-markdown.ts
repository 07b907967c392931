import { toMarkdown } from '../markdown/to-markdown.ts'
import { HtmlConversion } from './html-conversion.ts'
import { parseHtml } from './parse-html.ts'

/** How {@link htmlToMarkdown} reads; each has a default. */
export interface HtmlToMarkdownOptions {
  /** Absolute URL that relative links and image addresses are resolved against. Without it they stay as they are. */
  readonly baseUrl?: string
  /** Language of a code block by its class names, asked before the ways of the usual highlighters. */
  readonly languageOf?: (classNames: readonly string[]) => string | undefined
}

/**
 * Markdown of an HTML document or fragment: everything that a reader sees, as he sees it structured. Pure; linear in
 * the input; never throws, whatever the input.
 */
export function htmlToMarkdown(html: string, options: HtmlToMarkdownOptions = {}): string {
  const document = parseHtml(html)
  const conversion = new HtmlConversion(document.children, options)
  return toMarkdown({ type: 'root', children: conversion.blocks(document.children) })
}
