/**
 * Calls the library as an application would, with a log line for every entry, and prints how long its event loop
 * was held at most. Run by loop.ts.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { escapeName, syncFolders } from '@facsimile/core'

const [source = '', replica = '', file = '', stateFolder = ''] = process.argv.slice(2)
const log = openSync(file, 'a')
const gatherChars = 1 << 16
let gathered = ''

const delay = monitorEventLoopDelay({ resolution: 1 })
// The first interval of a monitor holds its own start.
delay.enable()
await wait(20)
delay.reset()

const report = await syncFolders({
  source,
  replica,
  ownFiles: [file],
  stateFolder,
  on: {
    // As the command's log does it: a line for each entry, and a write when enough of them are there.
    outcome: ({ change, status }) => {
      gathered += `${new Date().toISOString()} ${status} ${change.action.padEnd(8)}  ${escapeName(change.path)}\n`
      if (gathered.length >= gatherChars) flush()
    },
  },
})
flush()

// What held the loop last is only seen when the timer fires once more.
await wait(20)
delay.disable()
closeSync(log)
console.log(JSON.stringify({ heldMs: delay.max / 1e6, created: report.changes.create.done }))

function flush() {
  writeSync(log, gathered)
  gathered = ''
}
