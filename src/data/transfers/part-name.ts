import { createHash } from 'node:crypto'

/** Room for a number and a suffix stays within the 255 bytes of a file's name. */
const longest = 200

/** What the names of a transfer's files begin with: the given name, cut to what a disk takes and still its own. */
export const partName = (name: string): string =>
  name.length <= longest
    ? name
    : `${name.slice(0, longest - 17)}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
