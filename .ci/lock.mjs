// A lock between processes of one machine: a file that names its holder. The holder touches it while it works, so a lock
// whose holder is dead, or that was not touched for long, may be broken; only one process at a time may break it.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const TOUCH_EVERY = 2_000
const STALE_AFTER = 30_000

/**
 * @template T
 * @param {string} file @param {{ onWait: () => void }} options @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { onWait }, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  let told = false
  while (!acquire(file)) {
    if (isStale(file)) breakLock(file)
    else {
      if (!told) onWait()
      told = true
      await pause(100)
    }
  }
  const touching = setInterval(() => touch(file), TOUCH_EVERY)
  const release = () => fs.rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(touching)
    process.off('exit', release)
    release()
  }
}

/** @param {string} file */
function acquire(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    const age = Date.now() - fs.statSync(file).mtimeMs
    // RACE: a holder that has not written its number yet reads as 0, which is always alive.
    return age > STALE_AFTER || !isAlive(Number(fs.readFileSync(file, 'utf8')))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** @param {string} file */
function breakLock(file) {
  const right = `${file}.break`
  try {
    fs.mkdirSync(right)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    // RACE: whoever had the right died with it, or is just done. Two could remove an old one at once, and both then
    // break the same dead lock: at worst two set-ups run side by side once.
    const since = fs.statSync(right, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > STALE_AFTER)
      fs.rmSync(right, { recursive: true, force: true })
    return
  }
  try {
    if (isStale(file)) fs.rmSync(file, { force: true })
  } finally {
    fs.rmdirSync(right)
  }
}

/** @param {string} file */
function touch(file) {
  const now = new Date()
  try {
    fs.utimesSync(file, now, now)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
