/** Lines of `--json` against the published schema, made strict: a field that it does not describe is an error. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const schemaFile = new URL('../../schema/events-v1.schema.json', import.meta.url)

const validate = new Ajv2020({ allErrors: true }).compile(
  closed(JSON.parse(readFileSync(schemaFile, 'utf8'))) as object,
)

/** What is wrong with an output, line by line; nothing when it is as the schema says. */
export function schemaErrors(output: string): readonly string[] {
  if (!output.endsWith('\n')) return ['the last line is cut off']
  return output
    .slice(0, -1)
    .split('\n')
    .flatMap(line => (isValid(line) ? [] : [`${line}: ${JSON.stringify(validate.errors)}`]))
}

function isValid(line: string): boolean {
  return validate(JSON.parse(line))
}

/** Closes every object that lists its properties, but for the outermost, which lists only what all have. */
function closed(schema: unknown, depth: number = 0): unknown {
  if (Array.isArray(schema)) return schema.map(item => closed(item, depth + 1))
  if (typeof schema !== 'object' || schema === null) return schema
  const isObject = depth > 0 && 'type' in schema && schema.type === 'object' && 'properties' in schema
  const members = Object.entries(schema).map(([key, value]) => [key, closed(value, depth + 1)])
  return { ...Object.fromEntries(members), ...(isObject ? { additionalProperties: false } : {}) }
}
