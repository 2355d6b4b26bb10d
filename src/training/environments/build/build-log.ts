import { readFile } from 'node:fs/promises'

/** What a failed build said last, in few lines: uv's or pip's own reason where there is one. */
export async function lastWords(failed: { readonly reason: string; readonly log: string }): Promise<string> {
  const text = await readFile(failed.log, 'utf8').catch(() => '')
  return reasonIn(text) ?? failed.reason
}

/**
 * The reason in the output of uv (from its last `error:` or `×` line on) or pip (its `ERROR:` lines), on one line, at
 * most 2,000 characters; else the last line; undefined if nothing was said. Of a package's own traceback only the
 * exception is taken: the log has the rest.
 */
export function reasonIn(output: string): string | undefined {
  const lines = output
    // oxlint-disable-next-line no-control-regex -- colours that a tool may write in spite of NO_COLOR
    .replaceAll(/\u001B\[[0-9;]*m/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('[twinloop]'))
  const uv = lines.findLastIndex((line) => /^\s*(error:|×)/.test(line))
  const pip = lines.filter((line) => line.startsWith('ERROR:'))
  const said = uv >= 0 ? lines.slice(uv) : pip.length > 0 ? pip : lines.slice(-1)
  const reason = withoutTracebacks(said)
    .map((line) => line.replace(/^\s*(error:|ERROR:|×|├─▶|╰─▶|│|hint:)?\s*/, '').trim())
    .join(' ')
  return reason === '' ? undefined : reason.slice(0, 2000)
}

function withoutTracebacks(lines: readonly string[]): readonly string[] {
  let inside: number | undefined
  return lines.filter((line) => {
    const depth = line.search(/\S/)
    if (/^\s*(Traceback \(most recent call last\):|\[std(err|out)\])$/.test(line)) {
      inside = depth
      return false
    }
    if (inside !== undefined && depth > inside) return false
    inside = undefined
    return true
  })
}
