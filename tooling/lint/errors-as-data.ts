// A plugin for oxlint: errors are entries of a table (`codes.ts`), which the documentation lists; what is made beside it
// would be in no list, and nobody would look at its hint.

const MESSAGE = 'Give this error an entry in codes.ts, and make it with `errorsOf` (or `describe`, for an error class of its own).'

interface Property {
  readonly type: string
  readonly key?: { readonly type: string; readonly name?: string; readonly value?: unknown }
  readonly value?: { readonly type: string; readonly value?: unknown }
}

interface ObjectNode {
  readonly properties: readonly Property[]
}

interface NewNode {
  readonly callee: { readonly type: string; readonly name?: string }
}

interface Context {
  report(problem: { readonly node: unknown; readonly message: string }): void
}

/** Names of the properties that have a text of their own, and not one that comes from elsewhere. */
function written({ properties }: ObjectNode): readonly string[] {
  return properties.flatMap(({ type, key, value }) => {
    if (type !== 'Property' || (value?.type !== 'TemplateLiteral' && typeof value?.value !== 'string')) return []
    return key?.type === 'Identifier' ? (key.name ?? []) : String(key?.value)
  })
}

const rule = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    return {
      NewExpression(node: NewNode) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'LoaderError') context.report({ node, message: MESSAGE })
      },
      ObjectExpression(node: ObjectNode) {
        const texts = written(node)
        // An error of a class of its own, or a scope that cannot be read.
        if (texts.includes('code') && (texts.includes('kind') || texts.includes('hint'))) context.report({ node, message: MESSAGE })
      },
    }
  },
}

export default { meta: { name: 'errors' }, rules: { 'as-data': rule } }
