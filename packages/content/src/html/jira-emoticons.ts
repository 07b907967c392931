import type { Element } from 'domhandler'

import { attribute, hasClass } from './element.ts'

const EMOTICON_ADDRESS = /\/images\/icons\/emoticons\//

/** Those that often are the whole answer of a cell: passed, failed, and the like. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['check', '✓'],
  ['error', '✗'],
  ['add', '+'],
  ['forbidden', '−'],
  ['warning', '!'],
  ['help', '?'],
])

/** Whether an image stands for `(/)`, `:)` and the like. Jira gives most of them an empty alternative text. */
export function isEmoticon(image: Element): boolean {
  return hasClass(image, 'emoticon') || EMOTICON_ADDRESS.test(attribute(image, 'src') ?? '')
}

/** What an emoticon says: a sign, or its name as the file has it (`thumbs up`); without a file, its alternative text. */
export function emoticonText(image: Element): string {
  const file = (attribute(image, 'src') ?? '').split(/[?#]/, 1)[0]?.split('/').at(-1) ?? ''
  // check.png, check@2x.png, help_16.gif
  const name = file.replace(/\.[a-z]{1,4}$/i, '').replace(/@\d+x$/, '').replace(/_\d+$/, '').toLowerCase()
  return SIGNS.get(name) ?? (name === '' ? (attribute(image, 'alt')?.trim() ?? '') : name.replaceAll(/[_-]+/g, ' '))
}
