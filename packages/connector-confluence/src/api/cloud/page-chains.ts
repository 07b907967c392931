/** A page, folder, whiteboard, database or embed in the tree of a space. */
export interface TreeNode {
  readonly title: string
  readonly parent?: { readonly id: string; readonly type: string } | undefined
}

/** The way from the top of a space down to a page. */
export interface Chain {
  /** Ids and titles, from the top down to the parent. */
  readonly ancestors: [string, string][]
  /** False when it ends at something that was not found: it was put away just now, or cannot be seen. */
  readonly whole: boolean
}

/** Looks nodes up that a listing of pages did not show. What cannot be seen is left out. */
export interface NodeSource {
  pages(ids: readonly string[]): Promise<ReadonlyMap<string, TreeNode>>
  /** What is no page, by id and type. */
  others(wanted: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, TreeNode>>
}

/** No real tree is so deep; two nodes that are each other's parent are. */
const MAX_DEPTH = 200

/**
 * Finds the ancestors of pages. Parents that `nodes` lacks are looked up, level by level and many at once. A chain ends
 * at a parent that cannot be seen.
 */
export async function chainsOf(
  starts: readonly string[],
  nodes: Map<string, TreeNode>,
  source: NodeSource,
): Promise<ReadonlyMap<string, Chain>> {
  const gone = new Set<string>()
  let open = new Set(starts)
  for (let depth = 0; depth < MAX_DEPTH && open.size > 0; depth += 1) {
    const parents = new Map([...open].flatMap((id) => missingParent(id, nodes, gone)))
    if (parents.size === 0) break
    await lookUp(parents, nodes, gone, source)
    open = new Set([...parents.keys()].filter((id) => nodes.has(id)))
  }
  return new Map(starts.map((id) => [id, chain(id, nodes)]))
}

/** The first ancestor that is not there yet. */
function missingParent(id: string, nodes: ReadonlyMap<string, TreeNode>, gone: ReadonlySet<string>): [string, string][] {
  let node = nodes.get(id)
  for (let depth = 0; depth < MAX_DEPTH && node?.parent; depth += 1) {
    const { parent } = node
    if (gone.has(parent.id)) return []
    const next = nodes.get(parent.id)
    if (!next) return [[parent.id, parent.type]]
    node = next
  }
  return []
}

async function lookUp(
  parents: ReadonlyMap<string, string>,
  nodes: Map<string, TreeNode>,
  gone: Set<string>,
  source: NodeSource,
): Promise<void> {
  const pages = [...parents].filter(([, type]) => type === 'page').map(([id]) => id)
  const others = new Map([...parents].filter(([, type]) => type !== 'page'))
  for (const [id, node] of pages.length === 0 ? [] : await source.pages(pages)) nodes.set(id, node)
  for (const [id, node] of others.size === 0 ? [] : await source.others(others)) nodes.set(id, node)
  for (const id of parents.keys()) if (!nodes.has(id)) gone.add(id)
}

function chain(id: string, nodes: ReadonlyMap<string, TreeNode>): Chain {
  const ancestors: [string, string][] = []
  const seen = new Set([id])
  for (let parent = nodes.get(id)?.parent; parent !== undefined && !seen.has(parent.id); ) {
    seen.add(parent.id)
    const node = nodes.get(parent.id)
    if (!node) return { ancestors, whole: false }
    ancestors.unshift([parent.id, node.title])
    parent = node.parent
  }
  return { ancestors, whole: true }
}
