import type { Format } from './format.ts'

/**
 * The formats that are known, by name. One entry and one folder each: a new format is a line here, and a converter with
 * its cases beside it.
 */
export const FORMATS = {
  markdown: {
    version: 1,
    mediaTypes: ['text/markdown', 'text/x-markdown'],
    extensions: ['md', 'markdown', 'mdown', 'mkd', 'mkdn'],
    titled: true,
    load: async () => (await import('./markdown/convert-markdown.ts')).convertMarkdown,
  },
  mdx: {
    version: 1,
    mediaTypes: ['text/mdx'],
    extensions: ['mdx'],
    titled: true,
    load: async () => (await import('./markdown/convert-markdown.ts')).convertMarkdown,
  },
  html: {
    version: 1,
    mediaTypes: ['text/html', 'application/xhtml+xml'],
    extensions: ['html', 'htm', 'xhtml'],
    titled: true,
    load: async () => (await import('./html/convert-html.ts')).convertHtml,
  },
  notebook: {
    version: 1,
    mediaTypes: ['application/x-ipynb+json'],
    extensions: ['ipynb'],
    titled: true,
    load: async () => (await import('./notebook/convert-notebook.ts')).convertNotebook,
  },
  csv: {
    version: 1,
    mediaTypes: ['text/csv', 'application/csv'],
    extensions: ['csv'],
    titled: false,
    load: async () => (await import('./csv/convert-csv.ts')).convertCsv,
  },
  tsv: {
    version: 1,
    mediaTypes: ['text/tab-separated-values'],
    extensions: ['tsv', 'tab'],
    titled: false,
    load: async () => (await import('./csv/convert-csv.ts')).convertCsv,
  },
  rst: {
    version: 1,
    mediaTypes: ['text/x-rst', 'text/prs.fallenstein.rst', 'text/restructured'],
    extensions: ['rst', 'rest'],
    titled: true,
    load: async () => (await import('./rst/convert-rst.ts')).convertRst,
  },
  asciidoc: {
    version: 1,
    mediaTypes: ['text/asciidoc', 'text/x-asciidoc'],
    extensions: ['adoc', 'asciidoc', 'asc'],
    titled: true,
    includes: true,
    isolated: { seconds: 30, megabytes: 512 },
    load: async () => (await import('./asciidoc/convert-asciidoc.ts')).convertAsciidoc,
  },
  org: {
    version: 1,
    mediaTypes: ['text/org', 'text/x-org'],
    extensions: ['org'],
    titled: true,
    load: async () => (await import('./org/convert-org.ts')).convertOrg,
  },
  // Its languages and their endings are in `code/languages.ts`.
  code: {
    // Also that of descriptions of APIs, in `api/`.
    version: 1,
    mediaTypes: ['text/x-source'],
    extensions: [],
    titled: false,
    load: async () => (await import('./code/convert-code.ts')).convertCode,
  },
  text: {
    version: 1,
    mediaTypes: ['text/plain'],
    extensions: ['txt', 'text', 'log'],
    titled: false,
    load: async () => (await import('./plain/convert-plain.ts')).convertPlain,
  },
} as const satisfies Readonly<Record<string, Format>>

/** Name of a format. */
export type FormatName = keyof typeof FORMATS

/** Part of a source's extraction fingerprint: it differs when any format gives another text than before. */
export function formatVersions(): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(FORMATS).map(([name, { version }]) => [name, version]))
}
