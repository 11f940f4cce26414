import type { SyncOptions } from '@facsimile/core'
import { expect, it } from 'vitest'
import { type CommandOptions, flagGroups, type LibraryOnly } from '../src/flag.js'
import { flags } from '../src/flags.js'

// The compiler sees to it that no option is forgotten here.
const optionsOfTheLibrary: Record<keyof SyncOptions, 'by a flag' | 'by the library only'> = {
  source: 'by a flag',
  replica: 'by the library only',
  include: 'by a flag',
  exclude: 'by a flag',
  rules: 'by a flag',
  files: 'by a flag',
  ignoreFile: 'by a flag',
  minSize: 'by a flag',
  maxSize: 'by a flag',
  newer: 'by a flag',
  older: 'by a flag',
  links: 'by a flag',
  compare: 'by a flag',
  hasher: 'by a flag',
  hashMemory: 'by a flag',
  scrub: 'by a flag',
  delete: 'by a flag',
  deleteExcluded: 'by a flag',
  maxDelete: 'by a flag',
  renames: 'by a flag',
  allowEmptySource: 'by a flag',
  allowNewSource: 'by a flag',
  allowSystemReplica: 'by a flag',
  oneFileSystem: 'by a flag',
  preserve: 'by a flag',
  verify: 'by a flag',
  wait: 'by a flag',
  durable: 'by a flag',
  bwlimit: 'by a flag',
  partial: 'by a flag',
  backupDir: 'by a flag',
  keep: 'by a flag',
  dryRun: 'by a flag',
  strict: 'by a flag',
  concurrency: 'by a flag',
  held: 'by a flag',
  filter: 'by the library only',
  native: 'by the library only',
  ownFiles: 'by the library only',
  stateFolder: 'by the library only',
  callerHelps: 'by the library only',
  signal: 'by the library only',
  on: 'by the library only',
  reject: 'by the library only',
}

const optionsOfTheCommand: Record<keyof CommandOptions, true> = {
  replicas: true,
  log: true,
  from0: true,
  out: true,
  every: true,
  cron: true,
  timeZone: true,
  watch: true,
  reconcile: true,
  install: true,
  scheduler: true,
  ifDue: true,
  maxAge: true,
  logMaxBytes: true,
  logMaxAge: true,
  logKeep: true,
  intervalMs: true,
  json: true,
  quiet: true,
  verbose: true,
  run: true,
}

const libraryOnly: Record<LibraryOnly, true> = {
  replica: true,
  filter: true,
  native: true,
  ownFiles: true,
  stateFolder: true,
  callerHelps: true,
  signal: true,
  on: true,
  reject: true,
}

it('gives each option of the library one flag, or says that it is for the library only', () => {
  const set = flags.map(({ option }) => option)
  const expected = Object.entries(optionsOfTheLibrary)
    .filter(([, way]) => way === 'by a flag')
    .map(([option]) => option)
  expect(new Set(set)).toEqual(new Set([...expected, ...Object.keys(optionsOfTheCommand)]))
  const whole = set.filter(option => option !== 'preserve')
  expect(whole).toHaveLength(new Set(whole).size)
  expect(Object.keys(optionsOfTheLibrary).filter(option => !expected.includes(option))).toEqual(
    Object.keys(libraryOnly),
  )
})

it('gives each part of what is preserved one flag that switches it off', () => {
  const parts = flags.flatMap(flag => (flag.option === 'preserve' && 'sets' in flag ? [flag.sets] : []))
  expect(parts).toHaveLength(11)
  expect(Object.assign({}, ...parts)).toEqual({
    owner: false,
    mode: false,
    times: false,
    links: false,
    hardLinks: false,
    xattrs: false,
    acls: false,
    devices: false,
    specials: false,
    suid: false,
    sparse: false,
  })
})

it('has no two flags of one name', () => {
  const names = flags.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]))
  expect(new Set([...names, '--help', '-h', '--version']).size).toBe(names.length + 3)
})

it('puts each flag into a group of the help and says what it does', () => {
  for (const { group, help } of flags) {
    expect(flagGroups).toContain(group)
    expect(help).not.toBe('')
  }
})

it('names only flags as conflicts', () => {
  for (const { conflicts = [] } of flags) {
    for (const name of conflicts) expect(flags.map(({ long }) => long)).toContain(name)
  }
})
