// How much memory the plan of a folder's first copy takes: the folder in the arguments, the count of changes and of bytes
// as JSON on stdout. Needs --expose-gc.
import { setImmediate as turn } from 'node:timers/promises'
import { planSync } from '@facsimile/core'

const [source = ''] = process.argv.slice(2)

function makePlan() {
  return planSync({ source, replica: `${source}, not there`, stateFolder: `${source}, state` })
}

/** What this thread holds, in its heap and in buffers, when all is gone that is about to go. */
async function held() {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 8; round++) {
    for (let turns = 0; turns < 10; turns++) await turn()
    globalThis.gc?.()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    least = Math.min(least, heapUsed + arrayBuffers)
  }
  return least
}

// What is loaded and made once is there by then, code for large trees too.
await makePlan()
const before = await held()
const plan = await makePlan()
const bytes = (await held()) - before
process.stdout.write(JSON.stringify({ changes: plan.totals.changes, bytes }))
