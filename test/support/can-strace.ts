import { spawnSync } from 'node:child_process'

/** Whether there is a strace that may trace. */
export const canStrace: boolean = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
