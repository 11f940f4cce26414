#!/usr/bin/env node
/** The command as a process. */
import { run } from './cli.js'
import { endProcess } from './end-process.js'
import { processIo } from './io.js'

const io = processIo()
const exitCode = await run(process.argv.slice(2), io)
await endProcess(exitCode, { host: process, clock: io.clock, streams: [process.stdout, process.stderr] })
