import type { Entry, GitWorld, Tree } from './git-world.ts'

/** A small seeded generator (mulberry32): a failing history is named by its seed alone. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Random = () => number

const WORDS = 'index change vector branch page commit token query store cursor sweep guard intent lease chunk heading'.split(' ')
const FOLDERS = ['', 'docs/', 'docs/deep/', 'src/', 'übersicht/', 'with space/']
const NAMES = ['readme', 'Guide', 'api', 'notes', 'naïve', 'a "quote"', 'line\nbreak', 'tab\tname', '-dash', 'emoji-🚀']
const EXTENSIONS = ['.md', '.md', '.md', '.txt', '.ts', '.py', '.json']
const SOME_COMMIT = '1234567890123456789012345678901234567890'

/** Lines of prose, headings, code and tables; some recur across files, so that vectors are shared. */
function randomText(random: Random, path: string): string {
  const blocks: string[] = []
  const count = Math.floor(random() * 12)
  for (let index = 0; index < count; index += 1) blocks.push(randomBlock(random, path))
  return blocks.join('\n\n') + (random() < 0.8 ? '\n' : '')
}

function randomBlock(random: Random, path: string): string {
  const kind = random()
  if (kind < 0.15) return `${'#'.repeat(1 + Math.floor(random() * 3))} ${sentence(random, 3)}`
  if (kind < 0.25) return ['```ts', sentence(random, 5), sentence(random, 4), '```'].join('\n')
  if (kind < 0.32) return ['| a | b |', '|---|---|', `| ${sentence(random, 2)} | ${sentence(random, 1)} |`].join('\n')
  if (kind < 0.42) return 'A paragraph that stands in many files, word for word.'
  return `${path.length} ${sentence(random, 6 + Math.floor(random() * 60))}`
}

function sentence(random: Random, words: number): string {
  return `${Array.from({ length: words }, () => pick(WORDS, random)).join(' ')}.`
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item
}

function randomPath(random: Random): string {
  return pick(FOLDERS, random) + pick(NAMES, random) + Math.floor(random() * 6) + pick(EXTENSIONS, random)
}

function randomFile(random: Random, path: string): Entry {
  const kind = random()
  const text = randomText(random, path)
  if (kind < 0.04) return { kind: 'file', content: Buffer.from([0, 1, 2, 255, ...Buffer.from(text)]) }
  if (kind < 0.07) return { kind: 'file', content: Buffer.alloc(0) }
  if (kind < 0.1) return { kind: 'file', content: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]) }
  if (kind < 0.13) return { kind: 'file', content: Buffer.from(`${text}\ncaf\u00e9 \u00fcber`, 'latin1') }
  if (kind < 0.16) return { kind: 'file', content: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]) }
  if (kind < 0.18) return { kind: 'file', content: Buffer.from(lfsPointer(random)) }
  if (kind < 0.2) return { kind: 'file', content: Buffer.from(`${text}\n${'long text beyond the limit\n'.repeat(1_000)}`) }
  return { kind: 'file', content: Buffer.from(text), executable: random() < 0.1 }
}

const LFS_MARK = 'version https://git-lfs.github.com/spec/v1\n'

function lfsPointer(random: Random): string {
  const oid = Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${LFS_MARK}oid sha256:${oid}\nsize ${1 + Math.floor(random() * 1e6)}\n`
}

type Change = (tree: Map<string, Entry>, random: Random, world: GitWorld) => void

const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [6, addFile],
  [6, editFile],
  [3, deleteFile],
  [3, renameFile],
  [2, renameAndEdit],
  [2, moveFolder],
  [2, changeCase],
  [2, swapFiles],
  [2, changeType],
  [1, copyFile],
  [1, toggleMode],
  [1, revertToEarlier],
]

/** One to four changes on top of a tree. */
function mutate(tree: Tree, random: Random, world: GitWorld): Tree {
  const next = new Map(tree)
  const total = CHANGES.reduce((sum, [weight]) => sum + weight, 0)
  const count = 1 + Math.floor(random() * 4)
  for (let index = 0; index < count; index += 1) {
    let ticket = random() * total
    const [, change] = CHANGES.find(([weight]) => (ticket -= weight) < 0) ?? [1, addFile]
    change(next, random, world)
  }
  return withoutConflicts(next)
}

/** A name cannot be a file and a folder at once: the folder's files win. */
function withoutConflicts(tree: Map<string, Entry>): Tree {
  const folders = new Set<string>()
  for (const path of tree.keys()) {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth += 1) folders.add(parts.slice(0, depth).join('/'))
  }
  return new Map([...tree].filter(([path]) => !folders.has(path)))
}

function anyPath(tree: Tree, random: Random): string | undefined {
  return tree.size === 0 ? undefined : pick([...tree.keys()], random)
}

function addFile(tree: Map<string, Entry>, random: Random): void {
  const path = randomPath(random)
  tree.set(path, randomFile(random, path))
}

function editFile(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  const entry = path === undefined ? undefined : tree.get(path)
  // Half a pointer is neither a pointer nor a text that anybody writes.
  if (path === undefined || entry?.kind !== 'file' || entry.content.toString('latin1').startsWith(LFS_MARK)) return
  const lines = entry.content.toString('utf8').split('\n')
  const at = Math.floor(random() * (lines.length + 1))
  if (random() < 0.5) lines.splice(at, 0, sentence(random, 8), '')
  else lines.splice(at, 1 + Math.floor(random() * 3))
  tree.set(path, { ...entry, content: Buffer.from(lines.join('\n')) })
}

function deleteFile(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  if (path !== undefined) tree.delete(path)
}

function move(tree: Map<string, Entry>, from: string, to: string): void {
  const entry = tree.get(from)
  if (entry === undefined || from === to) return
  tree.delete(from)
  tree.set(to, entry)
}

function renameFile(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  if (path !== undefined) move(tree, path, randomPath(random))
}

function renameAndEdit(tree: Map<string, Entry>, random: Random): void {
  renameFile(tree, random)
  editFile(tree, random)
}

function moveFolder(tree: Map<string, Entry>, random: Random): void {
  const [from, to] = [pick(FOLDERS, random), pick(FOLDERS, random)]
  if (from === '' || from === to) return
  for (const path of Array.from(tree.keys())) if (path.startsWith(from)) move(tree, path, to + path.slice(from.length))
}

function changeCase(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  if (path !== undefined) move(tree, path, random() < 0.5 ? path.toUpperCase() : path.toLowerCase())
}

function swapFiles(tree: Map<string, Entry>, random: Random): void {
  const [one, other] = [anyPath(tree, random), anyPath(tree, random)]
  if (one === undefined || other === undefined) return
  const [first, second] = [tree.get(one), tree.get(other)]
  if (first === undefined || second === undefined) return
  tree.set(one, second)
  tree.set(other, first)
}

function changeType(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  if (path === undefined) return
  const kind = random()
  if (kind < 0.35) tree.set(path, { kind: 'symlink', target: anyPath(tree, random) ?? 'nowhere' })
  else if (kind < 0.6) tree.set(path, { kind: 'submodule', commit: SOME_COMMIT })
  else if (kind < 0.8) tree.set(`${path}/inside.md`, randomFile(random, path))
  else tree.set(path, randomFile(random, path))
}

function copyFile(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  const entry = path === undefined ? undefined : tree.get(path)
  if (entry !== undefined) tree.set(randomPath(random), entry)
}

function toggleMode(tree: Map<string, Entry>, random: Random): void {
  const path = anyPath(tree, random)
  const entry = path === undefined ? undefined : tree.get(path)
  if (path !== undefined && entry?.kind === 'file') tree.set(path, { ...entry, executable: entry.executable !== true })
}

function revertToEarlier(tree: Map<string, Entry>, random: Random, world: GitWorld): void {
  const earlier = world.treeAt(Math.floor(random() * 4))
  const path = anyPath(earlier, random)
  const entry = path === undefined ? undefined : earlier.get(path)
  if (path !== undefined && entry !== undefined) tree.set(path, entry)
}

/** Some commits: plain ones, merges, rewritten history, empty commits, clocks that go backwards. */
export function advance(world: GitWorld, random: Random): void {
  const steps = 1 + Math.floor(random() * 3)
  for (let step = 0; step < steps; step += 1) {
    const kind = random()
    if (kind < 0.1 && world.length > 1) world.rewind(1 + Math.floor(random() * 3))
    if (kind > 0.9 && world.length > 0) mergeSide(world, random)
    else if (kind > 0.85 && world.length > 0) world.commit(world.tree)
    else world.commit(mutate(world.tree, random, world), Math.floor(random() * 200) - 60)
  }
  world.flush()
}

function mergeSide(world: GitWorld, random: Random): void {
  const stepsBack = Math.floor(random() * 3)
  const side: Tree[] = []
  let tree = world.treeAt(stepsBack)
  for (let index = 0; index <= Math.floor(random() * 2); index += 1) {
    tree = mutate(tree, random, world)
    side.push(tree)
  }
  // Files of both sides; where both changed one, the side wins, and now and then the merge changes a file by itself.
  const merged = withoutConflicts(new Map([...world.tree, ...tree]))
  world.merge(stepsBack, side, random() < 0.3 ? mutate(merged, random, world) : merged)
}
