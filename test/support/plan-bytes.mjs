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

/** How many changes a plan has, and how many bytes it holds. */
async function measure() {
  const before = await held()
  const plan = await makePlan()
  return { changes: plan.totals.changes, bytes: (await held()) - before }
}

// The system compiles and drops code when it likes, which counts as well: the least of three is the plan's own.
const measures = [await measure(), await measure(), await measure()]
const bytes = Math.min(...measures.map(measured => measured.bytes))
process.stdout.write(JSON.stringify({ changes: measures[0]?.changes, bytes }))
