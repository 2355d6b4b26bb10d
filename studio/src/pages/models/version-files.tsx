import { useQuery } from '@tanstack/react-query'
import { addressOf } from '../../api/call.ts'
import { filesQuery } from '../../api/models.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { FileBrowser, useFolder } from '../../parts/files/file-browser.tsx'
import { Empty } from '../../parts/states.tsx'

/** The files that a version is made of. */
export function VersionFiles({ model, version }: { readonly model: string; readonly version: string }) {
  const [folder] = useFolder()
  const asked = filesQuery(useWorkspace(), model, version, folder)
  const content = useQuery(asked)
  const files = useQuery({ ...asked, select: ({ files: own }) => own })
  return (
    <FileBrowser
      query={files}
      urlOf={(path) => addressOf(content.data?.urlOf(path) ?? '')}
      empty={
        <Empty
          title={content.data?.isHere === false ? 'Its files are in a store of their own' : 'It has no files'}
          command={`twinloop model download --name ${model} --version ${version}`}
        />
      }
    />
  )
}
