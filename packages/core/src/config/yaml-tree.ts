import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Alias, Node, Pair, ParsedNode, Scalar, YAMLError, YAMLMap } from 'yaml'
import type { ConfigCode } from './codes.ts'
import { pathKey } from './config-error.ts'
import type { ConfigPath, ConfigProblem } from './config-error.ts'
import type { Substitution } from './substitution.ts'

/** Keys that begin like this are the user's own, for anchors mostly; nothing reads them. */
export const EXTENSION = 'x-'

/** Far above any real configuration; a file whose aliases multiply passes it quickly. */
const MAX_NODES = 20_000
const MAX_DEPTH = 50
const NOT_YAML =
  'Correct the YAML at or before this place: indentation, quotes and colons are the usual causes, and inside { } or [ ] a ${NAME} needs quotes.'

/** A place in the configuration file; both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A configuration file as plain data, with the place of everything in it. */
export interface YamlTree {
  /** Maps are plain objects with string keys; undefined when the file holds nothing. */
  readonly value: unknown
  readonly problems: readonly ConfigProblem[]
  /** Where the value at a path begins. */
  readonly values: ReadonlyMap<string, Position>
  /** Where the key at the end of a path stands. */
  readonly keys: ReadonlyMap<string, Position>
  /** Texts that referred to variables. */
  readonly references: ReadonlyMap<string, Substitution>
}

/**
 * Reads YAML 1.2 into plain data, replacing references to variables in texts (never in the YAML itself, so that a
 * value cannot bring structure with it). `shown` is the file's name in messages.
 */
export function readYamlTree(source: string, shown: string, replace: (text: string) => Substitution): YamlTree {
  const lines = new LineCounter()
  // The library compares each key with all before it; `#readMap` finds one that is there twice in one look.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false, logLevel: 'error' })
  const reader = new TreeReader(lines, shown, replace)
  // Only the first: what follows an error in YAML is mostly its consequence.
  const error = document.errors[0] ?? document.warnings[0]
  if (error !== undefined) reader.addYamlError(error)
  if (reader.problems.length === 0 && document.contents !== null) reader.value = reader.read(document.contents, [])
  return reader
}

class TreeReader implements YamlTree {
  value: unknown = undefined
  readonly problems: ConfigProblem[] = []
  readonly values = new Map<string, Position>()
  readonly keys = new Map<string, Position>()
  readonly references = new Map<string, Substitution>()
  readonly #lines: LineCounter
  readonly #shown: string
  readonly #replace: (text: string) => Substitution
  /** The node that an anchor's name means at this point, and what each alias was found to mean when it was first met. */
  readonly #anchors = new Map<string, Node>()
  readonly #targets = new Map<Alias, Node>()
  readonly #anchored = new Set<Node>()
  #nodes = 0

  constructor(lines: LineCounter, shown: string, replace: (text: string) => Substitution) {
    this.#lines = lines
    this.#shown = shown
    this.#replace = replace
  }

  addYamlError(error: YAMLError): void {
    // After a colon or a backslash the library repeats what stands in the file, which may be a secret.
    const reason = (error.message.split(/: |\\/, 1)[0] ?? '').trimEnd()
    const message =
      error.code === 'MULTIPLE_DOCS' ? 'the file must hold one YAML document only' : `this is not valid YAML: ${reason}`
    this.#add('config_yaml_invalid', this.#position(error.pos[0]), message, NOT_YAML)
  }

  read(node: Node | ParsedNode, path: ConfigPath): unknown {
    this.#nodes += 1
    if (this.#nodes > MAX_NODES || path.length > MAX_DEPTH) {
      if (this.#nodes !== Number.POSITIVE_INFINITY) {
        this.#add('config_too_large', this.#position(node.range?.[0] ?? 0), 'the file holds too many or too deeply nested values')
      }
      this.#nodes = Number.POSITIVE_INFINITY
      return undefined
    }
    this.#anchor(node)
    if (!isAlias(node)) this.values.set(pathKey(path), this.#position(node.range?.[0] ?? 0))
    if (isAlias(node)) return this.#readAlias(node, path)
    if (isMap(node)) return this.#readMap(node, path)
    if (isSeq(node)) {
      return node.items.map((item, index) => this.read(item as Node, [...path, String(index)]))
    }
    if (isScalar(node)) return typeof node.value === 'string' ? this.#readText(node.value, path) : node.value
    return undefined
  }

  /** Once: a node that is read again through an alias defines nothing anew. */
  #anchor(node: Node | ParsedNode): void {
    if (isAlias(node) || node.anchor === undefined || this.#anchored.has(node)) return
    this.#anchored.add(node)
    this.#anchors.set(node.anchor, node)
  }

  /** What an alias stands for. The library looks through the whole document for it, each time. */
  #target(node: Node): Node | undefined {
    if (!isAlias(node)) return node
    const target = this.#targets.get(node) ?? this.#anchors.get(node.source)
    if (target !== undefined) {
      this.#targets.set(node, target)
      return target
    }
    // The name is not repeated: a secret that begins with an asterisk looks like an alias.
    const message = 'a value that begins with * refers to an anchor, and there is none of this name before it; else put it in quotes'
    this.#add('config_yaml_invalid', this.#position(node.range?.[0] ?? 0), message)
    return undefined
  }

  #readAlias(alias: Alias, path: ConfigPath): unknown {
    const target = this.#target(alias)
    return target === undefined ? undefined : this.read(target, path)
  }

  #readMap(map: YAMLMap, path: ConfigPath): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    const seen = new Set<string>()
    const merged: Node[] = []
    for (const pair of map.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue
      const key = String(pair.key.value)
      this.#anchor(pair.key)
      if (isMergeKey(pair.key)) {
        merged.push(pair.value as Node)
        continue
      }
      const position = this.#position(pair.key.range?.[0] ?? 0)
      if (seen.has(key)) {
        this.#add('config_yaml_invalid', position, 'this is not valid YAML: Map keys must be unique', NOT_YAML)
        continue
      }
      seen.add(key)
      this.#readPair(result, key, pair, path)
    }
    for (const node of merged) this.#merge(result, seen, node, path, [map])
    return result
  }

  #readPair(result: Record<string, unknown>, key: string, { key: written, value }: Pair, path: ConfigPath): void {
    const inner = [...path, key]
    const position = this.#position((written as Scalar).range?.[0] ?? 0)
    this.keys.set(pathKey(inner), position)
    // Assigning it would change the object's prototype instead of adding a key.
    if (key === '__proto__') this.#add('config_unknown_key', position, '__proto__ cannot be used as a key')
    else {
      const read = value === null ? null : this.read(value as Node, inner)
      // What the user keeps for anchors is not a part of the configuration.
      if (path.length > 0 || !key.startsWith(EXTENSION)) result[key] = read
    }
  }

  /**
   * `<<`: the keys of another map, or of several, of which the first wins. The map's own keys win over all of them.
   * `within` holds the maps that are being merged, since an anchor may stand around its alias.
   */
  #merge(result: Record<string, unknown>, seen: Set<string>, node: Node, path: ConfigPath, within: readonly YAMLMap[]): void {
    if (isSeq(node) && within.length === 1) {
      for (const item of node.items) this.#merge(result, seen, item as Node, path, within)
      return
    }
    const target = node === null ? undefined : this.#target(node)
    if (target === undefined && isAlias(node)) return
    if (!isMap(target) || within.includes(target)) {
      const message = 'after << stands a section, an alias of one (*name), or a list of them'
      this.#add('config_yaml_invalid', this.#position(node?.range?.[0] ?? within[0]?.range?.[0] ?? 0), message)
      return
    }
    const inner: Node[] = []
    for (const pair of target.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue
      const key = String(pair.key.value)
      if (isMergeKey(pair.key)) inner.push(pair.value as Node)
      else if (!seen.has(key)) {
        seen.add(key)
        this.#readPair(result, key, pair, path)
      }
    }
    for (const further of inner) this.#merge(result, seen, further, path, [...within, target])
  }

  #readText(text: string, path: ConfigPath): unknown {
    // What is missing there is missing only where an alias brings it into the configuration.
    if (path[0]?.startsWith(EXTENSION) === true) return text
    const substitution = this.#replace(text)
    if (substitution.names.length === 0 && substitution.failures.length === 0) return substitution.text
    this.references.set(pathKey(path), substitution)
    for (const { code, message } of substitution.failures) {
      const position = this.values.get(pathKey(path)) ?? { line: 1, column: 1 }
      this.#add(code, position, `${path.join('.')}: ${message}`)
    }
    // `${NAME:-}` is how one says "if it is set": nothing then means that the key is absent.
    return substitution.whole && substitution.text === '' && text.includes(':-') ? null : substitution.text
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  #add(code: ConfigCode, { line, column }: Position, message: string, hint?: string): void {
    const where = `${this.#shown}:${line}:${column}`
    this.problems.push({ code, where, message, ...(hint === undefined ? {} : { hint }) })
  }
}

/** `<<` without quotes; in quotes it is a key like others. */
function isMergeKey(key: Scalar): boolean {
  return key.value === '<<' && key.type === 'PLAIN'
}
