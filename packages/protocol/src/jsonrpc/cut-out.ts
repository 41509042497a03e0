/** A long string of a message, as the value that it is and as what stands between its quotation marks, in UTF-8. */
export interface CutOut {
  readonly text: string
  readonly bytes: Uint8Array
}

/** Stands in a message for the string that was cut out. The character around the number is nowhere else in the message. */
export const placeholder = (nr: number): string => `${mark}${nr}${mark}`

/** Whether a JSON text has a character that placeholders are known by, as it is or escaped. */
export const hasMark = (json: string): boolean => json.includes(mark) || json.includes('\\u007')

/** The character that is called "delete": it needs no escape in JSON, and people's texts have none. */
const mark = '\u007F'

/** What is left of a text in turn with what was cut out of it. */
export function piecesOf(json: string, cutOuts: readonly CutOut[]): readonly (string | CutOut)[] {
  // Every second part is what the pattern has caught.
  return json.split(/\u007F(\d+)\u007F/).map((part, at) => (at % 2 === 0 ? part : (cutOuts[Number(part)] ?? '')))
}

/**
 * Puts the strings back where they were cut out of what `JSON.parse` has just made.
 * @param depth of objects and arrays that are looked into
 * @returns whether all of them were members: false for a name, for a member that another one of its name has replaced,
 * and for those further down
 */
export function putBack(value: object, cutOuts: readonly CutOut[], depth: number): boolean {
  let left = cutOuts.length
  const real = (member: unknown, levels: number): unknown => {
    if (typeof member === 'object' && member !== null && levels > 0) visit(member, levels)
    if (typeof member !== 'string' || !member.startsWith(mark)) return member
    left -= 1
    return cutOuts[Number(member.slice(1, -1))]?.text
  }
  const visit = (into: object, levels: number): void => {
    if (Array.isArray(into)) {
      for (const [at, member] of into.entries()) {
        const found = real(member, levels - 1)
        if (found !== member) into[at] = found
      }
      return
    }
    for (const [name, member] of Object.entries(into)) {
      const found = real(member, levels - 1)
      if (found !== member) Object.defineProperty(into, name, { value: found })
    }
  }
  visit(value, depth)
  return left === 0
}
