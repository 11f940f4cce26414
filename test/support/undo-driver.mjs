// Undoes a run in a process of its own: options as JSON in the first argument, what came of it as JSON on stdout.
import { undoRun } from './core.mjs'

const report = await undoRun(JSON.parse(process.argv[2] ?? '{}'))
process.stdout.write(JSON.stringify(report))
