import type { BigIntStats } from 'node:fs'

export type GroupDifference = {
  readonly path: string
  readonly inSource: string
  readonly inReplica: string
}

/** Which paths of one tree are names of the same file. */
export class HardLinkGroups {
  readonly #groups = new Map<string, string[]>()
  readonly #groupOf = new Map<string, string[]>()

  add(path: string, stats: BigIntStats): void {
    if (stats.nlink < 2n) return
    const identity = `${stats.dev}:${stats.ino}`
    const group = this.#groups.get(identity) ?? []
    group.push(path)
    this.#groups.set(identity, group)
    this.#groupOf.set(path, group)
  }

  differencesTo(replica: HardLinkGroups): readonly GroupDifference[] {
    const paths = new Set([...this.#groupOf.keys(), ...replica.#groupOf.keys()])
    return [...paths].flatMap(path => {
      const inSource = this.#show(path)
      const inReplica = replica.#show(path)
      return inSource === inReplica ? [] : [{ path, inSource, inReplica }]
    })
  }

  #show(path: string): string {
    const group = this.#groupOf.get(path) ?? []
    return group.length > 1 ? group.join(' = ') : 'alone'
  }
}
