/** Where a worker thread begins: joins the jobs with the thread that serves them. */
import { workerData } from 'node:worker_threads'
import type { JobSetup } from './thread-setup.js'
import { makeJobs } from './jobs.js'
import { LoadingGate } from './run/loading.js'
import { serve } from './run/thread.js'
import { loadLibc } from './tree/native.js'

const setup = workerData as JobSetup
// Whoever opens a tree loads it, too; here it is known when that begins and ends.
if (setup.source.way === 'libc') new LoadingGate(setup.loading).pass(loadLibc)
// A failure here is not caught: it ends the thread, and its master hears of it.
void makeJobs(setup).then(serve)
