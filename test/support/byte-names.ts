import { Buffer, isUtf8 } from 'node:buffer'

declare const oneCharacterPerByte: unique symbol

/**
 * Bytes as a latin1 string: cheap to join, to sort and to use as a key. Branded, so that it is never
 * taken for text.
 */
export type Bytes = string & { readonly [oneCharacterPerByte]: true }

// biome-ignore lint/suspicious/noControlCharactersInRegex: what ASCII is.
const ascii = /^[\x00-\x7f]*$/
const controls = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u2028\u2029\\]/gu

export function bytesOf(buffer: Uint8Array): Bytes {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString('latin1') as Bytes
}

export function bufferOf(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1')
}

/** Text for bytes: valid UTF-8 as itself, each other byte as a lone surrogate U+DC80 to U+DCFF. */
export function textOf(bytes: Bytes): string {
  if (ascii.test(bytes)) return bytes
  const buffer = bufferOf(bytes)
  if (isUtf8(buffer)) return buffer.toString('utf8')
  let text = ''
  for (let at = 0; at < buffer.length; ) {
    const character = buffer.subarray(at, at + lengthByLead(buffer[at] ?? 0))
    if (isUtf8(character)) {
      text += character.toString('utf8')
      at += character.length
    } else {
      text += String.fromCharCode(0xdc00 + (buffer[at] ?? 0))
      at += 1
    }
  }
  return text
}

function lengthByLead(lead: number): number {
  if (lead < 0xc0) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}

/** The reverse of textOf. */
export function bytesOfText(text: string): Bytes {
  if (ascii.test(text)) return text as Bytes
  if (text.isWellFormed()) return bytesOf(Buffer.from(text, 'utf8'))
  const parts: string[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    if (character.isWellFormed()) parts.push(bytesOf(Buffer.from(character, 'utf8')))
    else if (code >= 0xdc80 && code <= 0xdcff) parts.push(String.fromCharCode(code - 0xdc00))
    else throw new Error(`U+${code.toString(16)} stands for no byte in ${show(text)}`)
  }
  return parts.join('') as Bytes
}

/** A name or a content for a literal, from bytes that need not be UTF-8. */
export function raw(bytes: Uint8Array): string {
  return textOf(bytesOf(bytes))
}

/** The same from hexadecimal: `bytes('ff fe')`. */
export function bytes(hexadecimal: string): string {
  const digits = hexadecimal.replaceAll(/\s/g, '')
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`not hexadecimal: ${hexadecimal}`)
  return raw(Buffer.from(digits, 'hex'))
}

/** Text safe to print on one line of a terminal: controls, bidi marks and lone bytes are escaped. */
export function show(text: string): string {
  return text.replaceAll(controls, character => {
    const code = character.codePointAt(0) ?? 0
    if (character === '\\') return '\\\\'
    if (character === '\n') return '\\n'
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}
