import { absoluteUrl } from '../markdown/absolute-url.ts'
import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { textLeaf } from '../markdown/leaf.ts'
import type { AdfHandler } from './adf-conversion.ts'
import { withMarks } from './adf-marks.ts'
import { stringAttribute } from './adf-node.ts'
import type { ResolvedMedia } from './adf-options.ts'

/** An image or a file: with its address where it is known, else the words that describe it. */
export const media: AdfHandler = (node, scope, { options }) => {
  const marks = withMarks(scope.marks, node.marks, options)
  const alt = stringAttribute(node, 'alt')
  const address = absoluteUrl(stringAttribute(node, 'url'), options.baseUrl === undefined ? {} : { site: options.baseUrl })
  const id = stringAttribute(node, 'id')
  const collection = stringAttribute(node, 'collection')
  const found: ResolvedMedia | undefined = address === undefined ? id === '' ? undefined : options.resolveMedia?.({ id, collection, alt }) : { url: address }
  if (found === undefined) return alt === '' ? [] : [textLeaf(alt, marks)]
  const inlineFile = node.type === 'mediaInline' && node.attributes['type'] !== 'image'
  const isImage = found.mimeType === undefined ? address !== undefined || !(inlineFile || scope.inGroup) : found.mimeType.startsWith('image/')
  if (isImage) return [{ leaf: 'node', node: { type: 'image', url: found.url, alt: alt || found.name || '' }, marks }]
  return [textLeaf(alt || found.name || found.url, { ...marks, link: { url: found.url } })]
}

/** One image with its caption. */
export const mediaSingle: AdfHandler = (node, scope, conversion) => {
  const marks = withMarks(scope.marks, node.marks, conversion.options)
  return flowToBlocks(conversion.convert(node.content, { ...scope, marks, inLine: true }))
}

/** Files beside each other: each on its own line. */
export const mediaGroup: AdfHandler = (node, scope, conversion) => {
  return node.content.flatMap(item => flowToBlocks(conversion.convert([item], { ...scope, inLine: true, inGroup: true })))
}
