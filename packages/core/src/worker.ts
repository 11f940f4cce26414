/** Where a worker thread begins: joins the jobs with the thread that serves them. */
import { workerData } from 'node:worker_threads'
import type { JobSetup } from './thread-setup.js'
import { makeJobs } from './jobs.js'
import { serve } from './run/thread.js'

// A failure here is not caught: it ends the thread, and its master hears of it.
void makeJobs(workerData as JobSetup).then(serve)
