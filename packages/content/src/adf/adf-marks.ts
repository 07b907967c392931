import { absoluteUrl } from '../markdown/absolute-url.ts'
import type { Marks } from '../markdown/leaf.ts'
import { type AdfMark, stringAttribute } from './adf-node.ts'
import type { AdfOptions } from './adf-options.ts'

/** The marks that Markdown can write. */
const WRITTEN: ReadonlyMap<string, (mark: AdfMark, options: AdfOptions) => Marks> = new Map<string, (mark: AdfMark, options: AdfOptions) => Marks>([
  ['strong', () => ({ strong: true })],
  ['em', () => ({ emphasis: true })],
  ['strike', () => ({ delete: true })],
  ['code', () => ({ code: true })],
  ['subsup', mark => mark.attributes['type'] === 'sup' ? { raised: true } : {}],
  ['link', (mark, options) => {
    const url = absoluteUrl(stringAttribute(mark, 'href'), options.baseUrl === undefined ? {} : { site: options.baseUrl })
    return url === undefined ? {} : { link: { url } }
  }],
])

/** How text looks only (colour, size, alignment, underline, …) and comments on it are left out. */
export function withMarks(marks: Marks, added: readonly AdfMark[], options: AdfOptions): Marks {
  return added.reduce((all, mark) => ({ ...all, ...WRITTEN.get(mark.type)?.(mark, options) }), marks)
}
