import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where packages are looked for. */
export interface PackagePlaces {
  /** One after the other. */
  readonly folders: readonly string[]
  readonly conditions: ReadonlySet<string>
}

/**
 * The URL of a package's entry as `import` in a file of these folders would find it; undefined where none of them has
 * the package. node_modules is never scanned.
 *
 * @throws what `broken` makes of it, for a package that is there and cannot be imported
 */
export async function locatePackage(name: string, { folders, conditions }: PackagePlaces, broken: (place: string, error: unknown) => Error): Promise<string | undefined> {
  // Node's own resolution cannot start from another folder for `import`; this package does just that.
  const { moduleResolve } = await import('import-meta-resolve')
  for (const folder of folders) {
    const parent = pathToFileURL(path.join(folder, 'from.js'))
    try {
      return moduleResolve(name, parent, new Set(conditions)).href
    } catch (error) {
      if (!isPackageMissing(error)) throw broken(folder, error)
    }
  }
  return undefined
}

/** A package that is there but lacks its entry file has the same error code, and another text. */
function isPackageMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_MODULE_NOT_FOUND' && message.startsWith('Cannot find package')
}
