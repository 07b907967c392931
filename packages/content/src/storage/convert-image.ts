import { flowToBlocks } from '../markdown/flow-to-blocks.ts'
import { absoluteUrl } from '../markdown/absolute-url.ts'
import { type Flow, type Leaf, textLeaf } from '../markdown/leaf.ts'
import { visibleText } from '../markdown/phrasing.ts'
import { type Conversion, type Handler, marked, type Scope } from './conversion.ts'
import { attachmentUrl, baseOf } from './convert-link.ts'
import { besideResources, resourceIn } from './resource.ts'
import type { XmlElement } from './read-xml.ts'
import { attribute, childNamed, textOf } from './xml-query.ts'

/** An image of Confluence. Its caption follows as a paragraph, unless it repeats the alternative text. */
export const resourceImage: Handler = (element, scope, conversion) => {
  const resource = resourceIn(element)
  const text = attribute(element, 'ac:alt') ?? attribute(element, 'ac:title') ?? ''
  const caption = childNamed(element, 'ac:caption')
  const target = attribute(element, 'ac:href')
  const link = target === undefined ? undefined : absoluteUrl(target, baseOf(scope, conversion))
  const inside = link === undefined ? scope : marked(scope, { link: { url: link } })
  const file = resource?.type === 'attachment' ? resource.attachment : undefined
  const address = resource?.type === 'url' ? absoluteUrl(resource.url, baseOf(scope, conversion)) : undefined
  const url = file === undefined ? address : attachmentUrl(file, scope, conversion)
  const shown = imageOf(url, text, file?.fileName ?? '', inside)
  // The Cloud editor gives a layout to images that stand alone.
  const alone = attribute(element, 'ac:layout') !== undefined
  const others = besideResources(element).filter(child => child !== caption)
  return [
    ...(alone ? flowToBlocks(shown) : shown),
    ...captionOf(caption, text, scope, conversion),
    ...conversion.convert(others, scope),
  ]
}

/** An HTML image. */
export const image: Handler = (element, scope, conversion) => {
  const source = attribute(element, 'src')
  const url = source === undefined ? undefined : absoluteUrl(source, baseOf(scope, conversion))
  return imageOf(url, attribute(element, 'alt') ?? attribute(element, 'title') ?? '', '', scope)
}

/** Without an address, the words that describe the image, and the name of its file. */
function imageOf(url: string | undefined, text: string, fileName: string, scope: Scope): Leaf[] {
  const alt = visibleText(text).trim()
  if (url !== undefined) return [{ leaf: 'node', node: { type: 'image', url, alt: alt || fileName }, marks: scope.marks }]
  const words = alt === '' || fileName === '' || alt === fileName ? alt || fileName : `${alt} (${fileName})`
  return words === '' ? [] : [textLeaf(words, scope.marks)]
}

function captionOf(caption: XmlElement | undefined, text: string, scope: Scope, conversion: Conversion): Flow[] {
  if (caption === undefined || visibleText(textOf(caption)).trim() === visibleText(text).trim()) return []
  return flowToBlocks(conversion.convert(caption.children, scope))
}
