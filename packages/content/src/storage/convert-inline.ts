import { textLeaf } from '../markdown/leaf.ts'
import type { Handler } from './conversion.ts'
import { resourceFlow } from './convert-link.ts'
import { emojiOf } from './emoticons.ts'
import { readResource } from './resource.ts'
import { attribute } from './xml-query.ts'

export const lineBreak: Handler = (_element, scope) => [{ leaf: 'break', marks: scope.marks }]

/** An emoji: the character itself if the page has it, else its short name. */
export const emoticon: Handler = (element, scope, conversion) => {
  const text = emojiOf({
    name: attribute(element, 'ac:name'),
    id: attribute(element, 'ac:emoji-id'),
    shortName: attribute(element, 'ac:emoji-shortname'),
    fallback: attribute(element, 'ac:emoji-fallback'),
  })
  return [...(text === '' ? [] : [textLeaf(text, scope.marks)]), ...conversion.convert(element.children, scope)]
}

/** A date of the editor carries its day as an attribute and no text. */
export const time: Handler = (element, scope, conversion) => {
  const shown = conversion.convert(element.children, scope)
  const day = attribute(element, 'datetime')
  return shown.length > 0 || day === undefined ? shown : [textLeaf(day, scope.marks)]
}

/** A resource that no link is around. */
export const bareResource: Handler = (element, scope, conversion) => {
  const resource = readResource(element)
  return [...(resource === undefined ? [] : resourceFlow(resource, scope, conversion)), ...conversion.convert(element.children, scope)]
}
