import type { StateManager } from '../../src/state/state-manager.ts'

/**
 * The same state, whose verbs pass by `around` on their way to the tables. It is told the name of each
 * (`documents.commit`) and its arguments, and makes the call when and if it wants to.
 */
export function watchedState(state: StateManager, around: (verb: string, call: () => unknown, args: readonly unknown[]) => unknown): StateManager {
  return wrapped(state, (name, table) => {
    if (typeof table !== 'object' || table === null) return bound(state, table)
    return wrapped(table, (verb, member) => {
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => around(`${name}.${verb}`, () => member.apply(table, args) as unknown, args)
    })
  })
}

function wrapped<Target extends object>(target: Target, see: (key: string, member: unknown) => unknown): Target {
  return new Proxy(target, { get: (object, key) => see(String(key), Reflect.get(object, key)) })
}

/** Private fields are found on the object itself alone. */
function bound(object: object, member: unknown): unknown {
  return typeof member === 'function' ? (member.bind(object) as unknown) : member
}
