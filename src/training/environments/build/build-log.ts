import { readFile } from 'node:fs/promises'

/** What a failed build said last, in few lines: uv's or pip's own reason where there is one. */
export async function lastWords(failed: { readonly reason: string; readonly log: string }): Promise<string> {
  const text = await readFile(failed.log, 'utf8').catch(() => '')
  return reasonIn(text) ?? failed.reason
}

/**
 * The reason in the output of uv (from its last `error:` or `×` line on) or pip (its `ERROR:` lines), on one line, at
 * most 2,000 characters; else the last line; undefined if nothing was said.
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
  const reason = said
    .map((line) => line.replace(/^\s*(error:|ERROR:|×|├─▶|╰─▶|│|hint:)?\s*/, '').trim())
    .join(' ')
  return reason === '' ? undefined : reason.slice(0, 2000)
}
