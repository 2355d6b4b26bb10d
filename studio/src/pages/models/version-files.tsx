import { useQuery } from '@tanstack/react-query'
import { addressOf } from '../../api/call.ts'
import { contentQuery } from '../../api/models.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { IconDownload } from '../../parts/icons.ts'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table/table.tsx'
import { bytes } from '../../words/numbers.ts'

/** The files that a version is made of. */
export function VersionFiles({ model, version }: { readonly model: string; readonly version: string }) {
  const query = useQuery(contentQuery(useWorkspace(), model, version))
  return (
    <Panel title="Files" flush>
      <Answer query={query}>
        {({ files, urlOf }) =>
          files.length === 0 ? (
            <Empty
              title="Its files are in a store of their own"
              command={`twinloop model download --name ${model} --version ${version}`}
            />
          ) : (
            <Table
              rows={files}
              rowKey={({ path }) => path}
              label="files"
              bare
              columns={[
                {
                  id: 'name',
                  header: 'Name',
                  cell: ({ path }) => <span className="mono">{path}</span>,
                  sort: ({ path }) => path,
                },
                {
                  id: 'size',
                  header: 'Size',
                  width: '120px',
                  align: 'right',
                  cell: ({ file_size: size }) => bytes(size),
                  sort: ({ file_size: size }) => size,
                },
                {
                  id: 'fetch',
                  header: '',
                  width: '60px',
                  cell: ({ path, is_dir: isFolder }) =>
                    isFolder ? null : (
                      <a href={addressOf(urlOf(path))} download={path} aria-label={`Download ${path}`}>
                        <IconDownload size={16} aria-hidden />
                      </a>
                    ),
                },
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  )
}
