// A plugin for oxlint: there is one sleep, one retry loop, one semaphore and one reader of `Retry-After`, all in
// connector-sdk. A second one would differ from the first in what it does with an abort, with a clock or with patience.

interface Node {
  readonly type: string
  readonly parent?: Node | null
  readonly [key: string]: unknown
}

interface Context {
  report(problem: { readonly node: unknown; readonly message: string }): void
}

const SLEEP = 'There is one sleep: abortableSleep of connector-sdk, or withDeadline of core/performance for a limit of time.'
const LOOP = 'There is one loop that tries again: retryLoop of connector-sdk, or retrying with a policy.'
const SEMAPHORE = 'There is one semaphore, in connector-sdk.'
const HEADER = 'There is one reader of Retry-After: retryAfterMs of connector-sdk.'

const LOOPS = new Set(['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement'])
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const QUEUES = /^(?:p-(?:limit|queue|throttle|map|retry)|async-(?:mutex|sema|retry)|bottleneck|retry|limiter)$/

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { readonly type?: unknown }).type === 'string'
}

function childrenOf(node: Node): readonly Node[] {
  return Object.entries(node).flatMap(([key, value]) => (key === 'parent' ? [] : Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []))
}

/** Whether a node or something inside of it, but for functions of its own, is meant. */
function holds(node: Node, meant: (node: Node) => boolean): boolean {
  return meant(node) || childrenOf(node).some((child) => !FUNCTIONS.has(child.type) && holds(child, meant))
}

/** The last name of what is called: `sleep` of `this.#options.sleep(…)`. */
function calledName({ callee }: Node): string {
  const named = isNode(callee) && callee.type === 'MemberExpression' ? callee['property'] : callee
  return isNode(named) ? String(named['name'] ?? '') : ''
}

function argumentsOf(node: Node): readonly Node[] {
  return (node['arguments'] as readonly Node[] | undefined) ?? []
}

function settles(node: Node): boolean {
  if (node.type === 'Identifier') return node['name'] === 'resolve'
  return childrenOf(node).some(settles)
}

function sourceOf(node: Node): string {
  const { source } = node
  return isNode(source) ? String(source['value']) : ''
}

const noSecondSleep = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    return {
      CallExpression(node: Node): void {
        const [first] = argumentsOf(node)
        if (calledName(node) === 'setTimeout' && first !== undefined && settles(first)) context.report({ node, message: SLEEP })
      },
      ImportSpecifier(node: Node): void {
        const { imported, parent } = node
        const isTimer = isNode(parent) && /^(?:node:)?timers\/promises$/.test(sourceOf(parent))
        if (isTimer && isNode(imported) && imported['name'] === 'setTimeout') context.report({ node, message: SLEEP })
      },
    }
  },
}

const noSecondRetryLoop = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    return {
      AwaitExpression(node: Node): void {
        const call = node['argument']
        if (!isNode(call) || call.type !== 'CallExpression' || !/sleep|delay|pause|backoff|^#?wait/i.test(calledName(call))) return
        let at = node.parent
        while (isNode(at) && !LOOPS.has(at.type) && !FUNCTIONS.has(at.type)) at = at.parent
        const catches = isNode(at) && LOOPS.has(at.type) && holds(at, ({ type, handler }) => type === 'TryStatement' && isNode(handler))
        if (catches) context.report({ node, message: LOOP })
      },
    }
  },
}

const noSecondSemaphore = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    const named = (node: Node): void => {
      const { id } = node
      if (isNode(id) && /semaphore|mutex|(?:^|[a-z])Limiter|^limiter|throttle/.test(String(id['name']))) context.report({ node, message: SEMAPHORE })
    }
    return {
      ClassDeclaration: named,
      FunctionDeclaration: named,
      ImportDeclaration(node: Node): void {
        if (QUEUES.test(sourceOf(node))) context.report({ node, message: SEMAPHORE })
      },
      CallExpression(node: Node): void {
        const [first, ...more] = argumentsOf(node)
        const queues = /^(?:push|add|unshift)$/.test(calledName(node)) && more.length === 0
        if (queues && first?.type === 'Identifier' && settles(first)) context.report({ node, message: SEMAPHORE })
      },
    }
  },
}

const noSecondRetryAfter = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    return {
      Literal(node: Node): void {
        if (/^retry-after(?:-ms)?$/i.test(String(node['value']))) context.report({ node, message: HEADER })
      },
    }
  },
}

export default {
  meta: { name: 'one-of-each' },
  rules: { sleep: noSecondSleep, 'retry-loop': noSecondRetryLoop, semaphore: noSecondSemaphore, 'retry-after': noSecondRetryAfter },
}
