#!/usr/bin/env node
/** The command as a process. */
import { run } from './cli.js'
import { processIo } from './io.js'

// Not `process.exit`: what is still on its way to a slow stdout would be lost.
process.exitCode = await run(process.argv.slice(2), processIo())
