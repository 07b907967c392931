import picomatch from 'picomatch'

/** The file in which repositories say things about their files (gitattributes(5)). */
export const ATTRIBUTES_FILE = '.gitattributes'
/** What linguist, and through it GitHub and others, take for not written by hand here. */
const MARKS = ['linguist-generated', 'linguist-vendored'] as const
/** In bytes. Larger ones say nothing. */
const LARGEST = 1_000_000

type Mark = (typeof MARKS)[number]

interface Rule {
  /** The path is relative to the folder of the rule. */
  readonly matches: (path: string) => boolean
  readonly marks: ReadonlyMap<Mark, boolean>
}

/** The rules of a `.gitattributes` file that say whether files are generated or taken from others, in their order. */
export function rulesOf(bytes: Buffer): readonly Rule[] {
  if (bytes.length > LARGEST) return []
  const text = bytes.toString('utf8')
  return MARKS.some((mark) => text.includes(mark)) ? text.split(/\r\n|\n/).flatMap(ruleOf) : []
}

/**
 * Says which files a repository calls generated or vendored: the last rule that matches wins, and a folder's own file
 * goes before those above it.
 */
export class MarkedFiles {
  readonly #byFolder = new Map<string, readonly Rule[]>()

  /** Folders whose rules are not known yet and count for these paths: those above them, the root as an empty name. */
  unknownFolders(paths: Iterable<string>): string[] {
    const wanted = new Set<string>()
    for (const path of paths) for (const folder of foldersAbove(path)) if (!this.#byFolder.has(folder)) wanted.add(folder)
    return [...wanted]
  }

  /** @param folder with a slash at its end; empty for the root */
  learn(folder: string, rules: readonly Rule[]): void {
    this.#byFolder.set(folder, rules)
  }

  has(path: string): boolean {
    const said = new Map<Mark, boolean>()
    for (const folder of foldersAbove(path)) {
      for (const { matches, marks } of this.#byFolder.get(folder) ?? []) {
        if (matches(path.slice(folder.length))) for (const [mark, value] of marks) said.set(mark, value)
      }
    }
    return MARKS.some((mark) => said.get(mark) === true)
  }
}

/** From the root down, each with a slash at its end. */
export function foldersAbove(path: string): string[] {
  const folders = ['']
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at + 1))
  return folders
}

function ruleOf(line: string): Rule[] {
  const [, quoted, plain, attributes = ''] = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"#[]\S*))\s+(\S.*)$/.exec(line) ?? []
  const pattern = quoted?.replace(/\\(.)/g, '$1') ?? plain
  const marks = new Map(attributes.split(/\s+/).flatMap(markOf))
  // A pattern for folders says nothing of the files in them.
  if (pattern === undefined || marks.size === 0 || pattern.endsWith('/')) return []
  const rooted = pattern.replace(/^\//, '')
  const glob = picomatch(rooted, { dot: true, nobrace: true, noextglob: true, nonegate: true })
  const matches = pattern.includes('/') ? glob : (path: string): boolean => glob(path.slice(path.lastIndexOf('/') + 1))
  return [{ matches, marks }]
}

/** `linguist-generated`, `linguist-generated=true`, `-linguist-generated`, `!linguist-generated`. */
function markOf(attribute: string): [Mark, boolean][] {
  const name = attribute.replace(/^[-!]/, '').split('=', 1)[0]
  const mark = MARKS.find((known) => known === name)
  return mark === undefined ? [] : [[mark, !/^[-!]|=(?:false|0|no)$/i.test(attribute)]]
}
