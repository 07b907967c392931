import type { ConfigCode } from './codes.ts'
import { pathKey } from './config-error.ts'
import type { ConfigPath, ConfigProblem } from './config-error.ts'
import { ENVIRONMENT_KEYS, FLAG_KEYS } from './environment.ts'
import type { SettingFlags } from './environment.ts'
import { RENAMED_KEYS } from './renamed-keys.ts'
import { allowedTypes, schemasAt } from './schema-nodes.ts'
import type { JsonSchema } from './schema-nodes.ts'
import type { Substitution } from './substitution.ts'
import type { YamlTree } from './yaml-tree.ts'

/** Where an effective value came from; a value without an origin is a default. */
export type Origin =
  | { readonly from: 'flag'; readonly flag: string }
  | { readonly from: 'environment'; readonly variable: string }
  | { readonly from: 'file'; readonly line: number; readonly column: number }

/**
 * The configuration on its way from the file to the schemas: plain data that flags and variables are laid over, and
 * that remembers where each value came from.
 */
export class ConfigDraft {
  readonly value: Record<string, unknown>
  readonly origins = new Map<string, Origin>()
  readonly #tree: YamlTree
  readonly #references: Map<string, Substitution>
  /** Where a value that was laid under another place is really written. */
  readonly #inherited = new Map<string, ConfigPath>()
  readonly #shown: string

  /** `shown` is the file's name in messages. */
  constructor(tree: YamlTree, value: Record<string, unknown>, shown: string) {
    this.#tree = tree
    this.#shown = shown
    this.#references = new Map(tree.references)
    this.value = value
    for (const [key, position] of tree.values) this.origins.set(key, { from: 'file', ...position })
  }

  /** Lays the variables of {@link ENVIRONMENT_KEYS} over the file, then the flags of {@link FLAG_KEYS}. */
  overlay(lookup: (name: string) => string | undefined, flags: SettingFlags): void {
    for (const { variable, path } of ENVIRONMENT_KEYS) {
      const value = lookup(variable)
      if (value === undefined || value === '' || !this.#applies(path)) continue
      this.#set(path, value, { from: 'environment', variable })
      if (variable === 'STATE_DB_PATH') this.#delete(['global', 'state_management', 'database_url'])
    }
    for (const { flag, path } of FLAG_KEYS) {
      if (flags[flag] !== undefined) this.#set(path, flags[flag], { from: 'flag', flag })
    }
  }

  /** Takes values that stand under an older name ({@link RENAMED_KEYS}) for those of today's. */
  adoptOlderNames(): readonly ConfigProblem[] {
    const problems: ConfigProblem[] = []
    for (const { from, to } of RENAMED_KEYS) {
      const value = this.get(from)
      if (value === undefined) continue
      if (this.get(to) !== undefined) {
        problems.push(this.problem('config_invalid_value', from, `is the older name of ${to.join('.')}, which is set as well; remove one of the two`))
        continue
      }
      const origin = this.origins.get(pathKey(from))
      this.#delete(from)
      if (origin !== undefined) this.#set(to, value, origin)
    }
    return problems
  }

  /**
   * Fits the value at `path` to its schema: a text that was wholly one reference becomes a number or a boolean where
   * no text is allowed, an empty section becomes an object without keys, and any other key without a value is absent.
   */
  fit(schema: JsonSchema, base: ConfigPath = []): void {
    this.#fitInside(schema, base, [])
  }

  /** Puts a copy of the value at `from` at `to`, where there is none. What is wrong with it is said of `from`. */
  inherit(from: ConfigPath, to: ConfigPath): void {
    const holder = this.get(to.slice(0, -1))
    if (typeof holder !== 'object' || holder === null) return
    const value = this.get(from)
    ;(holder as Record<string, unknown>)[to.at(-1) ?? ''] = structuredClone(value)
    this.#inheritNotes(value, from, to)
  }

  /** Takes a key out. */
  remove(path: ConfigPath): void {
    this.#delete(path)
  }

  /** The value at a path, undefined when there is none. */
  get(path: ConfigPath): unknown {
    let value: unknown = this.value
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }

  /** True when the value came out of a variable, so that no message repeats it. */
  isReference(path: ConfigPath): boolean {
    const origin = this.origins.get(pathKey(path))
    return origin?.from === 'environment' || this.#references.has(pathKey(path))
  }

  /** True when a reference in this value could not be replaced: it was reported, and what it is now means nothing. */
  isBroken(path: ConfigPath): boolean {
    return (this.#references.get(pathKey(path))?.failures.length ?? 0) > 0
  }

  #inheritNotes(value: unknown, from: ConfigPath, to: ConfigPath): void {
    this.#inherited.set(pathKey(to), from)
    const origin = this.origins.get(pathKey(from))
    if (origin !== undefined) this.origins.set(pathKey(to), origin)
    const reference = this.#references.get(pathKey(from))
    if (reference !== undefined) this.#references.set(pathKey(to), reference)
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) this.#inheritNotes(inner, [...from, key], [...to, key])
  }

  /** The path under which the user finds a value. */
  #written(path: ConfigPath): ConfigPath {
    for (let length = path.length; length > 0; length -= 1) {
      const from = this.#inherited.get(pathKey(path.slice(0, length)))
      if (from !== undefined) return [...from, ...path.slice(length)]
    }
    return path
  }

  /** A problem with the value (or, for `at: 'key'`, the key) at a path, with the place a user has to look at. */
  problem(code: ConfigCode, path: ConfigPath, message: string, at: 'key' | 'value' = 'value'): ConfigProblem {
    const written = this.#written(path)
    const name = written.join('.')
    return { code, where: this.#where(written, at), message: name === '' ? message : `${name}: ${message}` }
  }

  #where(path: ConfigPath, at: 'key' | 'value'): string {
    const origin = this.origins.get(pathKey(path))
    if (origin?.from === 'flag') return `--${origin.flag}`
    if (origin?.from === 'environment') return `environment variable ${origin.variable}`
    // A value that was written under an older name.
    if (origin?.from === 'file' && !this.#tree.values.has(pathKey(path))) return `${this.#shown}:${origin.line}:${origin.column}`
    const section = typeof this.get(path) === 'object' ? 'key' : at
    for (let length = path.length; length >= 0; length -= 1) {
      const key = pathKey(path.slice(0, length))
      const [first, second] = section === 'value' && length === path.length ? [this.#tree.values, this.#tree.keys] : [this.#tree.keys, this.#tree.values]
      const position = first.get(key) ?? second.get(key)
      if (position !== undefined) return `${this.#shown}:${position.line}:${position.column}`
    }
    return `${this.#shown}:1:1`
  }

  // A key of Qdrant must not switch the store by itself; see the descriptions in ENVIRONMENT_KEYS.
  #applies(path: ConfigPath): boolean {
    const [, section, key] = path
    const global = this.get(['global'])
    const has = (name: string): boolean => typeof global === 'object' && global !== null && Object.hasOwn(global, name)
    if (section === 'embedding') return this.get(['global', 'embedding', 'provider']) === 'openai'
    if (section !== 'qdrant') return true
    return key === 'url' ? has('qdrant') || !has('embedded') : has('qdrant')
  }

  #set(path: ConfigPath, value: unknown, origin: Origin): void {
    let holder = this.value
    for (const key of path.slice(0, -1)) {
      const inner = holder[key] ?? {}
      // What stands here is no section; validation says so.
      if (typeof inner !== 'object' || Array.isArray(inner)) return
      holder[key] = inner
      holder = inner as Record<string, unknown>
    }
    holder[path.at(-1) ?? ''] = value
    this.origins.set(pathKey(path), origin)
  }

  #delete(path: ConfigPath): void {
    const holder = this.get(path.slice(0, -1))
    if (typeof holder === 'object' && holder !== null) delete (holder as Record<string, unknown>)[path.at(-1) ?? '']
    this.origins.delete(pathKey(path))
  }

  #fitInside(schema: JsonSchema, base: ConfigPath, relative: ConfigPath): void {
    const holder = this.get([...base, ...relative])
    if (typeof holder !== 'object' || holder === null) return
    const container = holder as Record<string, unknown>
    for (const [key, value] of Object.entries(container)) {
      const inner = [...relative, key]
      const types = allowedTypes(schemasAt(schema, inner))
      const fitted = types.size === 0 ? value : this.#fitValue(value, types, [...base, ...inner])
      if (fitted === null && types.size > 0 && !types.has('null') && !Array.isArray(holder)) delete container[key]
      else container[key] = fitted
      this.#fitInside(schema, base, inner)
    }
  }

  #fitValue(value: unknown, types: ReadonlySet<string>, path: ConfigPath): unknown {
    if (value === null) return types.has('object') && !types.has('null') ? {} : null
    const whole = typeof value === 'string' && this.#references.get(pathKey(path))?.whole === true
    if (!whole || types.has('string')) return value
    if (types.has('boolean') && (value === 'true' || value === 'false')) return value === 'true'
    const number = types.has('number') || types.has('integer') ? Number(value) : Number.NaN
    return value.trim() === '' || Number.isNaN(number) ? value : number
  }
}
