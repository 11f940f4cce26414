#!/usr/bin/env node
/** The command as a process. */
import { run } from './cli.js'
import { endProcess } from './end-process.js'
import { processIo } from './io.js'

// Nothing is awaited here: these modules are joined into CommonJS, which Node loads faster.
const io = processIo()
void run(process.argv.slice(2), io).then(
  async exitCode =>
    await endProcess(exitCode, { host: process, clock: io.clock, streams: [process.stdout, process.stderr] }),
)
