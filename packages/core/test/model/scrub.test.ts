import { expect, it } from 'vitest'
import { isInTurn, scrubPlaces } from '../../src/model/scrub.js'

const paths = Array.from({ length: 5000 }, (_, index) => `folder/${index % 7}/file ${index}`)

it.each([
  [20_000, 50],
  [300_000, 4],
  [scrubPlaces, 1],
])(
  'a share of %i in a million reads each path at least once in %i runs, and about so many in each',
  (share, runs) => {
    const seen = new Map<string, number>()
    for (let run = 0; run < runs; run++) {
      const turn = { from: (run * share) % scrubPlaces, share }
      const read = paths.filter(path => isInTurn(path, turn))
      expect(read.length / paths.length).toBeCloseTo(share / scrubPlaces, 1)
      for (const path of read) seen.set(path, (seen.get(path) ?? 0) + 1)
    }
    expect(seen.size).toBe(paths.length)
    // As often as the rounds go over the end.
    expect(Math.max(...seen.values())).toBe(Math.ceil((share * runs) / scrubPlaces))
  },
)
