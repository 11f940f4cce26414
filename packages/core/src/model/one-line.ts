/** Text made safe for terminals and logs: one line, and nothing in it that a terminal would act on. */

// C0, DEL, C1, bidirectional controls, line separators and lone surrogates.
const unshowable =
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * A message as one line without control characters. Unlike `escapeName` it leaves backslashes alone, for names in
 * messages are escaped already.
 */
export function oneLine(message: string): string {
  return message.replace(unshowable, escapeUnit)
}

/** One character that is not to be shown, in visible ones. */
function escapeUnit(unit: string): string {
  if (unit === '\n') return '\\n'
  if (unit === '\t') return '\\t'
  const code = unit.charCodeAt(0)
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  return code < 0x20 || code === 0x7f
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u{${code.toString(16)}}`
}
