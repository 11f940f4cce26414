/**
 * The only place where names and bytes meet.
 *
 * The system gives and takes names as bytes, which Node carries without loss as latin1 strings. Above the port
 * a {@link Name} is valid UTF-8 as itself, and each other byte as a lone surrogate U+DC80..U+DCFF (the scheme
 * of PEP 383). Windows and macOS only know Unicode names there, so strings pass unchanged.
 */
import { oneLine } from '../model/one-line.js'
import type { Name, RelativePath } from '../model/path.js'

const isByteSystem = process.platform !== 'win32' && process.platform !== 'darwin'

/** The encoding to list directories and read links with. */
export const nameEncoding: 'latin1' | 'utf8' = isByteSystem ? 'latin1' : 'utf8'

// oxlint-disable-next-line no-control-regex -- the range is the point: anything else needs decoding
const notAscii = /[^\u0000-\u007f]/
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A listed name, as the system's encoding gave it, to a Name. */
export function nameFromSystem(listed: string): Name {
  return (
    isByteSystem && notAscii.test(listed) ? nameFromBytes(Buffer.from(listed, 'latin1')) : listed
  ) as Name
}

/** Bytes to a Name, without loss. */
export function nameFromBytes(bytes: Uint8Array): Name {
  try {
    return strictUtf8.decode(bytes) as Name
  } catch {
    return decodeLossless(bytes) as Name
  }
}

function decodeLossless(bytes: Uint8Array): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const length = utf8LengthAt(bytes, at)
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
      at += 1
    } else {
      text += strictUtf8.decode(bytes.subarray(at, at + length))
      at += length
    }
  }
  return text
}

/** How many bytes the valid UTF-8 sequence at a place has; 0 where there is none. */
function utf8LengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length < 2) return length
  try {
    strictUtf8.decode(bytes.subarray(at, at + length))
    return at + length <= bytes.length ? length : 0
  } catch {
    return 0
  }
}

/** A Name (or a path of Names) to its bytes. */
export function nameToBytes(name: RelativePath): Uint8Array {
  if (name.isWellFormed()) return Buffer.from(name, 'utf8')
  const parts: Buffer[] = []
  let from = 0
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at)
    if (unit >= 0xd800 && unit <= 0xdbff) {
      // A high surrogate is always the first half of a valid pair: names hold no other.
      at += 1
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      parts.push(Buffer.from(name.slice(from, at), 'utf8'), Buffer.from([unit - 0xdc00]))
      from = at + 1
    }
  }
  parts.push(Buffer.from(name.slice(from), 'utf8'))
  return Buffer.concat(parts)
}

/** Whether a name is valid UTF-8. */
export function isUtf8Name(name: RelativePath): boolean {
  return name.isWellFormed()
}

/** `prefix` followed by a name, in the form to hand to `node:fs`: a string where that is lossless. */
export function systemPath(prefix: string, name: string): string | Buffer {
  if (prefix.isWellFormed() && name.isWellFormed()) return prefix + name
  return Buffer.concat([nameToBytes(prefix), nameToBytes(name)])
}

/** Whether a string can be one component of a path. */
export function isName(text: string): text is Name {
  return text !== '' && text !== '.' && text !== '..' && !text.includes('/') && !text.includes('\0')
}

/** A name or path made safe for terminals and logs: one line, no control characters, reversible. */
export function escapeName(name: string): string {
  // A backslash marks what is escaped.
  return oneLine(name.replaceAll('\\', '\\\\'))
}
