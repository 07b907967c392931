import type { Rolldown } from 'tsdown'

const IMPORT = /^import (.+) from "(node:[\w/]+)";$/gm
const CLAUSE = /^(?:\* as (?<all>[\w$]+)|(?<own>[\w$]+))?(?:, )?(?:\{ (?<named>.+) \})?$/

/**
 * Takes Node's own modules from the process instead of importing them. An `import` makes Node look at every export of the
 * module, and for many of them (`fs.promises`, `crypto.webcrypto`, most of `util`) a look is what loads them: about 10 ms
 * at each start.
 */
export function nodeBuiltins(): Rolldown.Plugin {
  return {
    name: 'node-builtins',
    // Each statement stays one line in its place, so the source map stays right.
    renderChunk: (code, { fileName }) => (fileName.endsWith('.js') ? { code: withoutImports(code), map: null } : undefined),
  }
}

/** The same code with a constant in the place of each import of a `node:` module. */
export function withoutImports(code: string): string {
  return code.replace(IMPORT, (statement, clause: string, name: string) => {
    const { all, own, named } = CLAUSE.exec(clause)?.groups ?? {}
    const names = [all ?? own, named && `{ ${named.replaceAll(' as ', ': ')} }`].filter((part) => part !== undefined)
    // `process` alone may be the name that is being declared.
    const module = `globalThis.process.getBuiltinModule("${name}")`
    return names.length === 0 || named?.includes('default as') ? statement : `const ${names.map((part) => `${part} = ${module}`).join(', ')};`
  })
}
