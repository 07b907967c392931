import picomatch from 'picomatch'

/** What the configuration selects, by path and file name. */
export interface SelectionOptions {
  readonly include_paths?: readonly string[] | undefined
  readonly exclude_paths?: readonly string[] | undefined
  readonly file_types?: readonly string[] | undefined
}

/** What is wrong with a glob, or undefined. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.trim() === '') return 'must not be empty'
  if (pattern.startsWith('!')) return 'must not start with "!"; use exclude_paths'
  try {
    picomatch.makeRe(pattern, { dot: true, strictBrackets: true })
    return undefined
  } catch (error) {
    return `is not a valid glob: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** A test for paths in the repository: included, not excluded, and of a configured file type. */
export function pathSelection(options: SelectionOptions): (path: string) => boolean {
  const included = pathMatcher(options.include_paths)
  const excluded = pathMatcher(options.exclude_paths)
  const typed = options.file_types && picomatch([...options.file_types], { dot: true, nocase: true })
  return (path) => {
    if (included && !included(path)) return false
    if (excluded?.(path) === true) return false
    return !typed || typed(path.slice(path.lastIndexOf('/') + 1))
  }
}

/** A pattern that names a folder stands for everything below it. */
function pathMatcher(patterns: readonly string[] | undefined): ((path: string) => boolean) | undefined {
  if (!patterns) return undefined
  const globs = patterns.flatMap((pattern) => {
    const rooted = pattern.replace(/^(?:\.?\/)+/, '').replace(/(?<!\/)\/+$/, '')
    if (rooted === '' || rooted === '.') return ['**']
    return [rooted, `${rooted}/**`]
  })
  return picomatch(globs, { dot: true })
}
