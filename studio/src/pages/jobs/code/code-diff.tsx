import { useQueries, useQuery } from '@tanstack/react-query'
import { codeIdOf, codeQuery, codeTextQuery, type CodeFile, type CodeText } from '../../../api/code.ts'
import type { Job } from '../../../api/jobs.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { countLines, DiffLines } from '../../../parts/code/diff-lines.tsx'
import { lineDiff } from '../../../parts/code/line-diff.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Failure, Loading } from '../../../parts/states.tsx'
import { plural } from '../../../words/names.ts'
import { changesOf, type FileChange } from './changes.ts'
import style from './code.module.css'

/** How the code of one job differs from that of another, file by file; nothing where one of them brought none. */
export function CodeDiff({ before, after }: { readonly before: Job; readonly after: Job }) {
  const workspace = useWorkspace()
  const ids = [before, after].map(({ properties: { codeId } }) =>
    codeId === undefined ? undefined : codeIdOf(workspace.id, codeId),
  )
  const [a, b] = ids
  if (a === undefined || b === undefined) return null
  if (a.toLowerCase() === b.toLowerCase())
    return (
      <Panel title="Their code">
        <p className="muted">Both ran the same version of the code.</p>
      </Panel>
    )
  return <Versions before={a} after={b} />
}

function Versions({ before, after }: { readonly before: string; readonly after: string }) {
  const workspace = useWorkspace()
  const [a, b] = useQueries({ queries: [codeQuery(workspace.id, before), codeQuery(workspace.id, after)] })
  const [path, setPath] = useSearchWord('file')
  const failed = a.error === null ? b : a
  if (a.data === undefined || b.data === undefined)
    return (
      <Panel title="Their code">
        {failed.error === null ? (
          <Loading rows={3} />
        ) : (
          <Failure error={failed.error} onRetry={() => void failed.refetch()} />
        )}
      </Panel>
    )
  const changes = changesOf(a.data.files, b.data.files)
  const open = changes.find((change) => change.path === path) ?? changes[0]
  return (
    <Panel
      title="Their code"
      subtitle={changes.length === 0 ? 'no file differs' : `${plural(changes.length, 'file')} differ`}
      flush
    >
      {open === undefined ? null : (
        <div className={style.changes}>
          <nav aria-label="Files that differ" className={style.tree}>
            <ul>
              {changes.map(({ path: one, how }) => (
                <li key={one}>
                  <button
                    type="button"
                    aria-current={one === open.path ? 'true' : undefined}
                    onClick={() => setPath(one)}
                  >
                    {one} <span className="muted">{how}</span>
                  </button>
                </li>
              ))}
            </ul>
          </nav>
          <FileDiff key={open.path} change={open} />
        </div>
      )}
    </Panel>
  )
}

/** Longer texts take a browser too long to compare. */
const mostLines = 4000

function FileDiff({ change: { before, after, how } }: { readonly change: FileChange }) {
  const [a, b] = [useText(before), useText(after)]
  const failed = a.error ?? b.error
  if (failed !== null) return <Failure error={failed} />
  if (a.content === undefined || b.content === undefined) return <Loading rows={6} />
  const refused = [a.content, b.content].find((content) => 'why' in content)
  if (refused !== undefined && 'why' in refused)
    return (
      <p className={style.note}>
        It was {how}. {refused.why}
      </p>
    )
  const [old, now] = [a.content, b.content].map((content) => ('text' in content ? content.text : ''))
  if (old === undefined || now === undefined) return null
  if (Math.max(old.split('\n').length, now.split('\n').length) > mostLines)
    return <p className={style.note}>It was {how}; it is too long to be compared here.</p>
  const lines = lineDiff(old, now)
  return (
    <div>
      <p className={`${style.note} muted`}>{countLines(lines)}</p>
      <DiffLines lines={lines} />
    </div>
  )
}

const nothing: CodeText = { text: '' }
const noFile: CodeFile = { path: '', bytes: 0, md5: undefined, url: '' }

/** What a file said; nothing of one that was not there. */
function useText(file: CodeFile | undefined): {
  readonly content: CodeText | undefined
  readonly error: Error | null
} {
  const { data, error } = useQuery({ ...codeTextQuery(file ?? noFile), enabled: file !== undefined })
  return { content: file === undefined ? nothing : data, error }
}
