import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { codeIdOf, codeQuery } from '../../../api/code.ts'
import type { Job } from '../../../api/jobs.ts'
import { useSearchWord, type Search } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { plural } from '../../../words/names.ts'
import { bytes } from '../../../words/numbers.ts'
import { FileTree } from './file-tree.tsx'
import { FileView } from './file-view.tsx'
import { firstFile, treeOf } from './tree.ts'
import style from './code.module.css'

/** The source that ran: the files of the job's version of code, one of them opened. File and line are in the address. */
export function JobCode({ job }: { readonly job: Job }) {
  const workspace = useWorkspace()
  const reference = job.properties.codeId
  const id = reference === undefined ? undefined : codeIdOf(workspace.id, reference)
  if (id === undefined)
    return (
      <Panel>
        <Empty title={reference === undefined ? 'It brought no code' : 'Its code is elsewhere'}>
          {reference === undefined
            ? 'Its command runs what its environment has.'
            : `It names its code as ${reference}, which Studio cannot look into.`}
        </Empty>
      </Panel>
    )
  return <Files id={id} command={job.properties.command ?? ''} />
}

function Files({ id, command }: { readonly id: string; readonly command: string }) {
  const workspace = useWorkspace()
  const query = useQuery(codeQuery(workspace.id, id))
  const navigate = useNavigate()
  const [path] = useSearchWord('file')
  // A line is of one file.
  const open = (file: string) =>
    void navigate({
      to: '.',
      search: ((before: Search) => ({ ...before, file, line: undefined })) as never,
      resetScroll: false,
    })
  return (
    <Answer query={query}>
      {({ files, isCut }) => {
        const shown =
          files.find((file) => file.path === path) ?? (path === '' ? firstFile(files, command) : undefined)
        if (files.length === 0)
          return (
            <Panel>
              <Empty title="There are no files">What was uploaded as code was an empty folder.</Empty>
            </Panel>
          )
        return (
          <div className={style.columns}>
            <Panel
              title="Code"
              subtitle={`${plural(files.length, 'file')}, ${bytes(files.reduce((sum, file) => sum + file.bytes, 0))}${isCut ? '; there are more' : ''}`}
              flush
            >
              <nav aria-label="Files of the code" className={style.tree}>
                <FileTree folder={treeOf(files)} open={shown?.path} onOpen={open} />
              </nav>
            </Panel>
            {shown === undefined ? (
              <Panel title={path}>
                <Empty title="There is no such file in this code">It may be in another version of it.</Empty>
              </Panel>
            ) : (
              <FileView key={shown.path} file={shown} />
            )}
          </div>
        )
      }}
    </Answer>
  )
}
