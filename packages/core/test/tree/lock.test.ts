import * as fs from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SyncError } from '../../src/model/errors.js'
import { type OpenedRoot, openRoot } from '../../src/tree/local.js'
import { type Lock, lockReplica } from '../../src/tree/lock.js'
import { ownMarker } from '../../src/tree/staging-marker.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { ways } from '../support/trees.js'

vi.mock('node:fs', { spy: true })

const temporary = useTemporaryDirectory()
const flock = ['/usr/bin/flock', '/bin/flock', '/usr/local/bin/flock'].find(path => fs.existsSync(path))
const held: (Lock | OpenedRoot)[] = []

afterEach(() => {
  vi.restoreAllMocks()
  for (const each of held.splice(0).reverse()) {
    if ('release' in each) each.release()
    else each.close()
  }
})

/** The C library needs no program: `lock-native.test.ts` is about it. */
const plainWays = ways.filter(way => way !== 'libc')

function root(path = 'replica', way = plainWays[0] ?? 'paths'): OpenedRoot {
  fs.mkdirSync(join(temporary.path, path), { recursive: true })
  const opened = openRoot('replica', join(temporary.path, path), way)
  held.push(opened)
  return opened
}

async function lock(of: OpenedRoot): Promise<Lock> {
  const locked = await lockReplica(of, join(temporary.path, 'state'))
  let isHeld = true
  const once = {
    ...locked,
    release: (): void => {
      if (isHeld) locked.release()
      isHeld = false
    },
  }
  held.push(once)
  return once
}

async function refusal(of: OpenedRoot): Promise<unknown> {
  return await lock(of).then(
    () => 'locked',
    (error: unknown) => error,
  )
}

const message = /^another run is writing to the replica ".*": nothing was changed$/

function contract(): void {
  it('is had by one at a time, and by another after it', async () => {
    const replica = root()
    const first = await lock(replica)
    const error = await refusal(root())
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({
      code: 'locked',
      exitCode: 27,
      message: expect.stringMatching(message) as string,
    })
    first.release()
    ;(await lock(root())).release()
  })

  it('L02: is the folder’s own, by whatever path and in whatever way', async () => {
    const replica = root()
    fs.symlinkSync('replica', join(temporary.path, 'link'))
    const locked = await lock(replica)
    for (const way of plainWays) {
      for (const path of ['link', 'replica/../replica']) {
        expect(await refusal(root(path, way))).toMatchObject({ code: 'locked' })
      }
    }
    const other = await lock(root('other'))
    other.release()
    locked.release()
  })

  it('leaves nothing in the folder', async () => {
    const replica = root()
    const locked = await lock(replica)
    expect(fs.readdirSync(join(temporary.path, 'replica'))).toEqual([])
    locked.release()
    expect(fs.readdirSync(join(temporary.path, 'replica'))).toEqual([])
  })

  it('of many that ask at once is given to one', async () => {
    const replica = root()
    const results = await Promise.all(Array.from({ length: 8 }, async () => await refusal(replica)))
    expect(results.filter(result => result === 'locked')).toHaveLength(1)
  })
}

describe.runIf(flock !== undefined)('a lock by the flock program', () => {
  contract()

  it('is the one that other programs see', async () => {
    const locked = await lock(root())
    const command = ['--nonblock', join(temporary.path, 'replica'), 'true']
    expect((await runProcess(flock ?? '', command)).code).toBe(1)
    locked.release()
    expect((await runProcess(flock ?? '', command)).code).toBe(0)
  })

  it('needs no file in the state folder', async () => {
    const locked = await lock(root())
    expect(fs.existsSync(join(temporary.path, 'state'))).toBe(false)
    locked.release()
  })
})

function withoutFlock(): void {
  vi.mocked(fs.existsSync).mockReturnValue(false)
}

/** Where the lock of a root is, with what it says. */
function lockFile(replica: OpenedRoot): string {
  return join(temporary.path, 'state', 'locks', `${replica.entry.device}-${replica.entry.inode}.json`)
}

describe('a lock by a file', () => {
  describe('as any other', () => {
    beforeEach(withoutFlock)
    contract()
  })

  it('L05: names this process, and is gone afterwards', async () => {
    withoutFlock()
    const replica = root()
    const locked = await lock(replica)
    expect(JSON.parse(fs.readFileSync(lockFile(replica), 'utf8'))).toEqual(ownMarker())
    expect(fs.statSync(lockFile(replica)).mode & 0o777).toBe(0o600)
    locked.release()
    expect(fs.readdirSync(join(temporary.path, 'state', 'locks'))).toEqual([])
  })

  it('L05: has its name only when it is whole, and leaves nothing when it cannot be written', async () => {
    withoutFlock()
    const replica = root()
    const folder = join(temporary.path, 'state', 'locks')
    const seen: string[][] = []
    vi.mocked(fs.writeSync).mockImplementationOnce(() => {
      seen.push(fs.readdirSync(folder))
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    })
    expect(await refusal(replica)).toMatchObject({ code: 'storage-failed', exitCode: 11 })
    expect(seen).toHaveLength(1)
    expect(seen.flat()).not.toContain(basename(lockFile(replica)))
    expect(fs.readdirSync(folder)).toEqual([])
    expect(await refusal(replica)).toBe('locked')
  })

  it.skipIf(process.platform !== 'linux')('L05: is weak, for others may lock by the C library', async () => {
    withoutFlock()
    expect((await lock(root())).weakness).toBe('no program')
  })

  const own = ownMarker()
  it.each<[what: string, content: string, taken: boolean]>([
    ['of a process that is gone is taken over', JSON.stringify({ ...own, pid: 0x7fff_ffff }), true],
    ['of a later process of that number is taken over', JSON.stringify({ ...own, startTime: '0' }), true],
    ['from before the system was started is taken over', JSON.stringify({ ...own, bootId: 'other' }), true],
    ['of a process that lives is not', JSON.stringify(own), false],
    ['of nobody knows whom is not', 'garbage', false],
    ['that is not written yet is not', '', false],
  ])('%s', async (_, content, taken) => {
    withoutFlock()
    const replica = root()
    writeTree(join(temporary.path, 'state'), { locks: {} })
    fs.writeFileSync(lockFile(replica), content)
    const result = await refusal(replica)
    expect(result instanceof SyncError ? result.message : result).toMatch(taken ? /^locked$/ : message)
    expect(fs.readFileSync(lockFile(replica), 'utf8')).toBe(taken ? JSON.stringify(own) : content)
    expect(fs.readdirSync(join(temporary.path, 'state', 'locks'))).toHaveLength(1)
  })

  it('that is let go of while it is looked at is tried for again', async () => {
    withoutFlock()
    const replica = root()
    writeTree(join(temporary.path, 'state'), { locks: {} })
    fs.writeFileSync(lockFile(replica), JSON.stringify(own))
    vi.mocked(fs.readFileSync).mockImplementationOnce((file, ...rest) => {
      fs.rmSync(lockFile(replica))
      return fs.readFileSync(file, ...rest)
    })
    expect(await refusal(replica)).toBe('locked')
  })

  it('RACE: that another run took over meanwhile is given back', async () => {
    withoutFlock()
    const replica = root()
    writeTree(join(temporary.path, 'state'), { locks: {} })
    fs.writeFileSync(lockFile(replica), JSON.stringify({ ...own, startTime: '0' }))
    vi.mocked(fs.renameSync).mockImplementationOnce((from, to) => {
      fs.writeFileSync(from, JSON.stringify(own))
      fs.renameSync(from, to)
    })
    expect(await refusal(replica)).toMatchObject({ code: 'locked' })
    expect(fs.readFileSync(lockFile(replica), 'utf8')).toBe(JSON.stringify(own))
    expect(fs.readdirSync(join(temporary.path, 'state', 'locks'))).toHaveLength(1)
  })

  it('RACE: that two other runs took over meanwhile is theirs, and nothing is left', async () => {
    withoutFlock()
    const replica = root()
    writeTree(join(temporary.path, 'state'), { locks: {} })
    fs.writeFileSync(lockFile(replica), JSON.stringify({ ...own, startTime: '0' }))
    vi.mocked(fs.renameSync).mockImplementationOnce((from, to) => {
      fs.writeFileSync(from, 'the second')
      fs.renameSync(from, to)
      fs.writeFileSync(from, 'the third')
    })
    expect(await refusal(replica)).toMatchObject({
      code: 'locked',
      message: expect.stringMatching(message) as string,
    })
    expect(fs.readFileSync(lockFile(replica), 'utf8')).toBe('the third')
    expect(fs.readdirSync(join(temporary.path, 'state', 'locks'))).toHaveLength(1)
  })

  it('that cannot be written is no lock', async () => {
    withoutFlock()
    writeTree(temporary.path, { state: 'a file' })
    expect(await refusal(root())).toMatchObject({
      code: 'locked',
      exitCode: 27,
      message: expect.stringMatching(
        /^cannot lock the replica by the file ".*": .*\(E(?:NOTDIR|EXIST)\)$/,
      ) as string,
    })
  })
})
