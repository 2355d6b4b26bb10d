import { IconDownload, IconFile, IconFolder } from './icons.ts'
import { useQuery } from '@tanstack/react-query'
import { artifactsQuery, artifactUrl } from '../api/runs.ts'
import { useSearchWord } from '../frame/search.ts'
import { useWorkspace } from '../frame/workspace.ts'
import { Panel } from './panel.tsx'
import { Answer, Empty } from './states.tsx'
import { Table } from './table/table.tsx'
import { bytes } from '../words/numbers.ts'
import style from './run.module.css'

const baseName = (path: string) => path.split('/').at(-1) ?? path

/** The files of a run, folder by folder. */
export function RunFiles({ runId }: { readonly runId: string }) {
  const workspace = useWorkspace()
  const [folder, setFolder] = useSearchWord('folder')
  const query = useQuery(artifactsQuery(workspace, runId, folder))
  const above = folder.split('/').filter((part) => part !== '')
  return (
    <Panel title="Files" subtitle="artifacts of the run" flush>
      {folder === '' ? null : (
        <nav className={style.path} aria-label="Folder">
          <button type="button" onClick={() => setFolder('')}>
            all files
          </button>
          {above.map((part, i) => (
            <span key={above.slice(0, i + 1).join('/')}>
              /{' '}
              <button type="button" onClick={() => setFolder(above.slice(0, i + 1).join('/'))}>
                {part}
              </button>
            </span>
          ))}
        </nav>
      )}
      <Answer query={query}>
        {(files) =>
          files.length === 0 ? (
            <Empty title="No files" />
          ) : (
            <Table
              rows={files}
              rowKey={({ path }) => path}
              label="files"
              prefix="files."
              bare
              columns={[
                {
                  id: 'name',
                  header: 'Name',
                  width: 'minmax(240px, 1fr)',
                  cell: ({ path, is_dir: isFolder }) => (
                    <span
                      className={style.path}
                      style={{ padding: 0, border: 0, alignItems: 'center', gap: 8 }}
                    >
                      {isFolder ? <IconFolder size={15} aria-hidden /> : <IconFile size={15} aria-hidden />}
                      {isFolder ? (
                        <button type="button" onClick={() => setFolder(path)} style={{ padding: 0 }}>
                          {baseName(path)}
                        </button>
                      ) : (
                        baseName(path)
                      )}
                    </span>
                  ),
                  sort: ({ path }) => path,
                },
                {
                  id: 'size',
                  header: 'Size',
                  width: '110px',
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
                      <a
                        href={artifactUrl(workspace, runId, path)}
                        download={baseName(path)}
                        aria-label={`Download ${baseName(path)}`}
                      >
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
