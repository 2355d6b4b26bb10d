import { readSource } from './disk.ts'
import type { Kind, kinds } from './kinds.ts'
import { loadSource } from './load.ts'
import type { Loaded } from './load.ts'
import type { Problem } from './problem.ts'
import type { Infer } from './shape.ts'

/** As `loadSource`, for a file of this machine, relative to `cwd`. Throws a Failure if there is no such file. */
export const loadFile = async <K extends Kind>(
  file: string,
  cwd: string,
  problems: Problem[],
  expected?: readonly K[],
  sets: readonly string[] = [],
): Promise<Loaded<Infer<(typeof kinds)[K]>> | undefined> =>
  loadSource(await readSource(file, cwd), problems, expected, sets)
