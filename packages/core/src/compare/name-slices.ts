/** The names of a long directory in slices, so that all who have nothing to do can look at some of them. */
import { type CompareRequest, type NameSlice, SideBit } from '../model/jobs.js'
import type { Name } from '../model/path.js'
import type { NameOnSides } from './match-names.js'

/** A dozen milliseconds of work, or two: enough to be worth a message, and little enough that none is left with the last. */
export const sliceLength = 4096

export class NameSlices {
  private readonly request: CompareRequest
  private readonly whole: NameSlice[] = []
  private names: Name[] = []
  private sides: number[] = []

  constructor(request: CompareRequest) {
    this.request = request
  }

  add([name, inSource, inReplica]: NameOnSides): void {
    this.names.push(name)
    this.sides.push((inSource ? SideBit.source : 0) | (inReplica ? SideBit.replica : 0))
    if (this.names.length === sliceLength) this.cut()
  }

  all(): readonly NameSlice[] {
    if (this.names.length > 0) this.cut()
    return this.whole
  }

  private cut(): void {
    const { request, names, sides } = this
    this.whole.push({ ...request, names: names.join('/'), sides: Uint8Array.from(sides) })
    this.names = []
    this.sides = []
  }
}

/** The names of a slice, as they were listed. */
export function* namesOf({ names, sides }: NameSlice): Generator<NameOnSides> {
  for (const [index, name] of (names.split('/') as Name[]).entries()) {
    const bits = sides[index] ?? 0
    yield [name, (bits & SideBit.source) !== 0, (bits & SideBit.replica) !== 0]
  }
}
