import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import {
  addJob,
  jobFile,
  jobsFolder,
  listJobs,
  loadJob,
  removeJob,
  replaceJob,
} from '../../src/jobs/job-files.js'
import { job } from '../support/jobs.js'

const temporary = useTemporaryDirectory()
const folder = (): string => path.join(temporary.path, 'config/facsimile/jobs')

it('are kept where the environment says, unless that is relative', () => {
  expect(jobsFolder({ XDG_CONFIG_HOME: path.resolve('/c') })).toBe(path.resolve('/c/facsimile/jobs'))
  for (const env of [{}, { XDG_CONFIG_HOME: 'relative' }, { XDG_CONFIG_HOME: '' }])
    expect(jobsFolder(env)).toBe(path.join(os.homedir(), '.config', 'facsimile', 'jobs'))
})

describe('jobs', () => {
  it('are added, listed by name, replaced and removed; nothing else is left behind', () => {
    expect(listJobs(folder())).toEqual({ jobs: [], damaged: [] })
    for (const name of ['b', 'a']) expect(addJob(folder(), job({ name }))).toBeUndefined()
    expect(listJobs(folder()).jobs.map(({ name }) => name)).toEqual(['a', 'b'])
    replaceJob(folder(), job({ name: 'a', installed: 'cron' }))
    expect(loadJob(jobFile(folder(), 'a')).installed).toBe('cron')
    removeJob(folder(), 'b')
    removeJob(folder(), 'b')
    expect(fs.readdirSync(folder())).toEqual(['a.json'])
    expect(fs.statSync(jobFile(folder(), 'a')).mode & 0o777).toBe(0o600)
  })

  it('are never taken for another: who comes second is given the first', () => {
    addJob(folder(), job({ source: '/one' }))
    expect(addJob(folder(), job({ source: '/two' }))?.source).toBe('/one')
    expect(loadJob(jobFile(folder(), 'nightly')).source).toBe('/one')
    expect(fs.readdirSync(folder())).toEqual(['nightly.json'])
  })

  it('that are not there, damaged or out of reach are said so', () => {
    expect(() => loadJob(jobFile(folder(), 'gone'))).toThrow("there is no schedule 'gone'")
    addJob(folder(), job())
    fs.writeFileSync(jobFile(folder(), 'nightly'), '{')
    addJob(folder(), job({ name: 'other' }))
    expect(listJobs(folder())).toMatchObject({
      jobs: [{ name: 'other' }],
      damaged: [expect.stringMatching(/nightly\.json' cannot be read: it is no JSON/)],
    })
    fs.writeFileSync(path.join(temporary.path, 'file'), '')
    expect(() => addJob(path.join(temporary.path, 'file', 'x'), job())).toThrow(
      /cannot be used: a part of its path/,
    )
  })
})
