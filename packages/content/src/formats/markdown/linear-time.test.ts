import { describe, expect, test } from 'vitest'
import { repeated, slowOnes } from '@qdrant-loader/testing/growth'
import { HTML_TEXTS, PLAIN_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import { withoutData } from '../../text/without-data.ts'
import type { Conversion } from '../format.ts'
import { convertMarkdown } from './convert-markdown.ts'

/** What looks like the start of markup of its own, and never ends. */
const STARTS = ['<a "', '<a x={', '<Tab {"', '<!-- ', '{/* ', '`` ` ', '`` ``` ', '\n:::tip\n', '\n!!! note\n    ', '{% x ', '\n---\na: b\n', '<script>', '[a]{: ', '\n<div>\n\n', '> > - '].map((part) => repeated(JSON.stringify(part), part))

const conversion = (name: 'markdown' | 'mdx'): Conversion => ({ file: { name, contentType: 'text/markdown', titled: true } })

describe('twice the text takes at most 2.5 times as long', () => {
  test.each([
    ['Markdown', (text: string) => convertMarkdown(text, conversion('markdown')), [...STARTS, ...HTML_TEXTS.filter((_, index) => index % 3 === 0)]],
    ['MDX', (text: string) => convertMarkdown(text, conversion('mdx')), [...STARTS, ...PLAIN_TEXTS]],
    ['data', (text: string) => withoutData(text), [...PLAIN_TEXTS, ...['a1B', 'data:image/png;base64,', `${'aB3d'.repeat(16)}\n`].map((part) => repeated(JSON.stringify(part), part))]],
  ])('%s', { timeout: 120_000 }, (_name, run, texts) => expect(slowOnes(run, texts)).toEqual([]))
})
