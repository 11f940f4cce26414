import { describe } from 'vitest'
import { settings } from '../support/mirror.js'
import { describeSwaps, swapCases } from './swapped-kinds.js'

// One case in each setting for each kind; the long test has them all. FIFOs are made by a program, which takes its time.
const quick = swapCases.filter(([third]) => third !== 'fifo')

describe.each(settings)(
  'every kind, against every kind, and a third swapped in ($held, $concurrency)',
  setting => {
    const turn = settings.indexOf(setting)
    describeSwaps(
      setting,
      quick.filter((_, index) => index % 4 === (turn + Math.floor(index / 4)) % 4),
    )
  },
)
