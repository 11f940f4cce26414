/** Values in messages about what is wrong with them. */

/** Who passes ten megabytes does not want them back. */
const mostShown = 200

/** A value in a message. */
export function show(value: unknown): string {
  const text = textOf(value)
  return text.length > mostShown ? `${text.slice(0, mostShown)}… (${text.length} characters)` : text
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
