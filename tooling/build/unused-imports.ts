import type { Rolldown } from 'tsdown'

const NOTHING = '\0unused-import'

/** Takes in nothing for what a bundled package imports and never uses here: its default import is undefined. */
export function unusedImports(unused: Readonly<Record<string, readonly string[]>>): Rolldown.Plugin {
  return {
    name: 'unused-imports',
    resolveId: {
      order: 'pre',
      handler(name, importer) {
        const of = Object.keys(unused).find((owner) => importer?.replaceAll('\\', '/').includes(`/node_modules/${owner}/`))
        return of !== undefined && unused[of]?.includes(name) ? NOTHING : undefined
      },
    },
    load: (id) => (id === NOTHING ? 'export default undefined' : undefined),
  }
}
