import { describe, expect, test } from 'vitest'
import { slowOnes } from '@qdrant-loader/testing/growth'
import { HTML_TEXTS, PLAIN_TEXTS, STORAGE_TEXTS } from '@qdrant-loader/testing/hostile-texts'
import type { HostileText } from '@qdrant-loader/testing/growth'
import { adfToMarkdown, decodeText, excerptOf, extractPage, htmlToMarkdown, jiraRenderedToMarkdown, storageReferences, storageToMarkdown } from './index.ts'

/** Each function that meets a source's text, and what it may meet. HTML is shared out, as all of it is read by one parser. */
const FUNCTIONS: readonly (readonly [name: string, run: (text: string) => unknown, texts: readonly HostileText[]])[] = [
  ['extractPage', (html) => extractPage(html, { url: 'https://docs.example.com/guide/' }), HTML_TEXTS.filter((_, index) => index % 2 === 1 || index === HTML_TEXTS.length - 1)],
  ['htmlToMarkdown', (html) => htmlToMarkdown(html), PLAIN_TEXTS],
  ['jiraRenderedToMarkdown', (html) => jiraRenderedToMarkdown(html, { baseUrl: 'https://jira.example.com' }), HTML_TEXTS.filter((_, index) => index % 2 === 0)],
  ['storageToMarkdown', (storage) => storageToMarkdown(storage, { baseUrl: 'https://x.example.com' } as never), [...STORAGE_TEXTS, ...HTML_TEXTS.filter((_, index) => index % 3 === 0)]],
  ['storageReferences', (storage) => storageReferences(storage), STORAGE_TEXTS],
  ['excerptOf', (storage) => excerptOf(storage), STORAGE_TEXTS],
  ['adfToMarkdown, of one text', (text) => adfToMarkdown({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }), PLAIN_TEXTS],
  [
    'adfToMarkdown, of many texts with marks',
    (text) => adfToMarkdown({ type: 'doc', content: [{ type: 'paragraph', content: text.match(/[^]{1,20}/g)?.map((part, index) => ({ type: 'text', text: part, marks: index % 2 === 0 ? [{ type: 'strong' }] : [] })) }] }),
    PLAIN_TEXTS.slice(0, 6),
  ],
  ['decodeText, of HTML', (text) => decodeText(Buffer.from(text), undefined, { html: true }), HTML_TEXTS.slice(0, 16)],
  ['decodeText, of bytes without a charset', (text) => decodeText(Buffer.from(text, 'utf16le'), 'text/plain', { html: false }), PLAIN_TEXTS.slice(0, 4)],
]

describe('H2: twice the text takes at most 2.5 times as long', () => {
  test.each(FUNCTIONS)('%s', { timeout: 120_000 }, (_name, run, texts) => expect(slowOnes(run, texts)).toEqual([]))
})
