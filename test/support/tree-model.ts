/** What is in a tree, listed once and kept up to date, so that an edit need not look for its victim. */
import { lstatSync } from 'node:fs'
import type { Bytes } from './byte-names.js'
import { type EntryKind, kindOf } from './entry-kind.js'
import { HeldDirectories, type Root } from './held-directories.js'
import type { Random } from './random.js'

export type ModelEntry = {
  readonly kind: EntryKind
  readonly children: Map<Bytes, ModelEntry>
  name: Bytes
  parent: ModelEntry | undefined
  /** Where it stands in the list of its kind. */
  index: number
}

export class TreeModel {
  readonly root: ModelEntry
  readonly #byKind = new Map<EntryKind, ModelEntry[]>()

  constructor() {
    this.root = { kind: 'directory', children: new Map(), name: '' as Bytes, parent: undefined, index: 0 }
    this.#byKind.set('directory', [this.root])
  }

  static of(root: Root): TreeModel {
    const model = new TreeModel()
    const at = new HeldDirectories(root)
    try {
      const levels = [{ entry: model.root, names: at.list().reverse() }]
      for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
        const name = level.names.pop()
        if (name === undefined) {
          levels.pop()
          if (levels.length > 0) at.up()
          continue
        }
        const entry = model.add(level.entry, name, kindOf(lstatSync(at.at(name))))
        if (entry.kind !== 'directory') continue
        at.down(name)
        levels.push({ entry, names: at.list().reverse() })
      }
    } finally {
      at.close()
    }
    return model
  }

  add(parent: ModelEntry, name: Bytes, kind: EntryKind): ModelEntry {
    const list = this.#byKind.get(kind) ?? []
    this.#byKind.set(kind, list)
    const entry: ModelEntry = { kind, children: new Map(), name, parent, index: list.length }
    list.push(entry)
    parent.children.set(name, entry)
    return entry
  }

  /** With all below it. */
  remove(entry: ModelEntry): void {
    entry.parent?.children.delete(entry.name)
    for (const each of allOf(entry)) {
      const list = this.#byKind.get(each.kind) ?? []
      const last = list.pop()
      if (last === undefined || last === each) continue
      list[each.index] = last
      last.index = each.index
    }
  }

  move(entry: ModelEntry, parent: ModelEntry, name: Bytes): void {
    entry.parent?.children.delete(entry.name)
    entry.parent = parent
    entry.name = name
    parent.children.set(name, entry)
  }

  /** One of a kind that fits, never the root unless it fits; undefined when none does. */
  pick(random: Random, kind: EntryKind, fits: (entry: ModelEntry) => boolean): ModelEntry | undefined {
    const list = this.#byKind.get(kind) ?? []
    for (let tries = 0; tries < 30; tries += 1) {
      const entry = random.pick(list)
      if (entry !== undefined && fits(entry)) return entry
    }
    const start = random.below(list.length)
    return list.slice(start).find(fits) ?? list.slice(0, start).find(fits)
  }

  get size(): number {
    return [...this.#byKind.values()].reduce((sum, list) => sum + list.length, 0)
  }
}

/** The entry and all below it. */
export function* allOf(entry: ModelEntry): Generator<ModelEntry, void, undefined> {
  const pending = [entry]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const child of next.children.values()) pending.push(child)
    yield next
  }
}

/** How many entries below it, or the limit where there are more. */
export function countBelow(entry: ModelEntry, limit: number): number {
  let count = -1
  for (const _ of allOf(entry)) {
    count += 1
    if (count >= limit) break
  }
  return count
}

export function isWithin(entry: ModelEntry, ancestor: ModelEntry): boolean {
  let at: ModelEntry | undefined = entry
  while (at !== undefined && at !== ancestor) at = at.parent
  return at !== undefined
}

/** The names from the root. */
export function namesOf(entry: ModelEntry): Bytes[] {
  const names: Bytes[] = []
  for (let at = entry; at.parent !== undefined; at = at.parent) names.push(at.name)
  return names.reverse()
}
