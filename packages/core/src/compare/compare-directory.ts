/** The job that compares one directory: lists both sides, and has each name looked at; and the one for what another one listed. */
import type { ComparedDirectory, CompareRequest, NameSlice } from '../model/jobs.js'
import { unreadable } from './compared-rows.js'
import { ignoreFileOf, ignoring, withOwn } from './ignore-rules.js'
import { NameSlices, sliceLength } from './name-slices.js'
import { type CompareContext, DirectoryComparison } from './directory-comparison.js'

/** Entries between two chances for others to run. */
const stride = 32

export function* compareDirectory(
  context: CompareContext,
  request: CompareRequest,
): Generator<void, ComparedDirectory> {
  const own = ignoreFileOf(context, request)
  if (typeof own === 'object') return unreadable(own)
  const ignore = withOwn(request, own)
  const comparison = new DirectoryComparison(ignoring(context, ignore), request)
  const others = new NameSlices({ ...request, ignore })

  let looked = 0
  for (const each of yield* comparison.list()) {
    if (context.sharesNames && request.listed === undefined && looked >= sliceLength) others.add(each)
    else {
      const content = comparison.lookAt(...each)
      if (content !== undefined) yield* content
    }
    if (++looked % stride === 0) yield
  }
  return { ...comparison.result(others.all()), ignore: own }
}

/** The job that compares what another one listed. */
export function* compareNames(context: CompareContext, slice: NameSlice): Generator<void, ComparedDirectory> {
  const comparison = new DirectoryComparison(ignoring(context, slice.ignore), slice)
  let looked = 0
  for (const each of yield* comparison.enter(slice)) {
    const content = comparison.lookAt(...each)
    if (content !== undefined) yield* content
    if (++looked % stride === 0) yield
  }
  return comparison.result([])
}
