/** Jobs with what a test cares about, and defaults for the rest. */
import type { Job } from '../../src/jobs/job.js'

/** By `every`, unless a cron expression is given. */
export function job(fields: Partial<Job> = {}): Job {
  return {
    version: 1,
    name: 'nightly',
    ...(fields.cron === undefined ? { every: '15m' as const } : {}),
    source: '/source',
    replicas: ['/replica'],
    flags: [],
    environment: {},
    created: '2026-01-31T12:00:00.000Z',
    ...fields,
  }
}

/** What paths may hold that any of the formats could trip over. */
export const nastyNames: readonly string[] = [
  'plain',
  'with space',
  ' leading and trailing ',
  "it's",
  'say "hi"',
  '100%',
  '%h%n%%',
  '$HOME $(id) `id` ${x} $$',
  'new\nline',
  'tab\there',
  'back\\slash\\',
  '\\n \\x20 \\045',
  'a;b|c&d>e<f*g?h[i]',
  '# ~ ! = @ : ,',
  'ünï — 名前 😀',
  '&amp; <b> ]]>',
  '‘curly’ ‚quotes‛',
  '-dash',
]
