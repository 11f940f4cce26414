import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../support/temp.js'
import { failuresOf, figuresOf } from './figures.js'
import { soak } from './soak.js'

const temporary = useTemporaryDirectory()
const isLinux = process.platform === 'linux'

it.skipIf(!isLinux)(
  'K02: killed at random for 20 seconds while the source is edited, then quiet, then equal',
  async () => {
    const result = await soak({ folder: temporary.path, ms: 20_000, seed: Date.now() % 1_000_000_000 })
    console.log(figuresOf(result).join('\n'))
    expect(result.lives.length).toBeGreaterThan(2)
    expect(failuresOf(result)).toEqual([])
  },
)
