import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'

/** Writes a script called `az` that hands its line to this program; returns the shell line that puts it on PATH. */
export async function installShim(home: string, path: string): Promise<string> {
  const folder = join(resolve(home), 'shim')
  const file = join(folder, 'az')
  const self = [process.execPath, ...process.execArgv, resolve(process.argv[1] ?? '')]
  await mkdir(folder, { recursive: true })
  await writeFile(
    file,
    `#!/bin/sh\n# Hands az ml lines to Twinloop; remove its folder from PATH for Azure's az.\nexec ${self.map(quoted).join(' ')} az "$@"\n`,
  )
  await chmod(file, 0o755)
  return path.split(delimiter)[0] === folder ? '' : `export PATH=${quoted(folder)}:"$PATH"\n`
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
