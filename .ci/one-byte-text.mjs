// A plugin of the bundler: characters beyond ASCII are written as escapes.

/**
 * The engine keeps a text of one byte a character, unless a single one needs two: then it reads all of it as if it were twice
 * as long, at each start.
 * @returns {import('rolldown').Plugin}
 */
export function oneByteText() {
  return {
    name: 'one-byte-text',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = escaped(file.code)
    },
  }
}

/**
 * An escape means the same in text, patterns, names and comments; after a backslash it would mean another thing.
 * @param {string} code
 */
function escaped(code) {
  return code.replaceAll(/(\\?)([^\0-\x7f])/g, (_, backslash, character) => {
    if (backslash !== '') throw new Error(`"${character}" after a backslash cannot be written otherwise`)
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
