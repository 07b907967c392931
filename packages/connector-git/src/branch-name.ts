// The rules of `git check-ref-format`, and no leading dash, so that a name can never be taken for an option.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)\./

/** What is wrong with a configured branch name, or undefined. */
export function branchProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty; leave it out for the default branch'
  if (name.startsWith('-')) return 'must not start with "-"'
  if (name === '@' || FORBIDDEN.test(name)) return 'is not a valid branch name (see git check-ref-format)'
  return undefined
}
