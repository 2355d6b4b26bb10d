import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ArtifactFile } from '../../api/runs.ts'
import { useSearchWord } from '../../frame/search.ts'
import { bytes } from '../../words/numbers.ts'
import { IconDownload, IconFile, IconFolder } from '../icons.ts'
import { Panel } from '../panel.tsx'
import { Answer, Empty } from '../states.tsx'
import { Table } from '../table/table.tsx'
import style from '../run.module.css'

const baseName = (path: string) => path.split('/').at(-1) ?? path

/** The folder of files that the address says; '' is all of them. */
export const useFolder = () => useSearchWord('folder')

/** Files in folders, each to be downloaded: of a run, of a version of a model. `query` is of the folder that is open. */
export function FileBrowser({
  subtitle,
  query,
  urlOf,
  empty = <Empty title="No files" />,
}: {
  readonly subtitle?: string
  readonly query: UseQueryResult<readonly ArtifactFile[]>
  /** Where a file is fetched, by its whole path. */
  readonly urlOf: (path: string) => string
  /** What stands there where nothing is in the outermost folder. */
  readonly empty?: ReactNode
}) {
  const [folder, setFolder] = useFolder()
  const above = folder.split('/').filter((part) => part !== '')
  return (
    <Panel title="Files" {...(subtitle === undefined ? {} : { subtitle })} flush>
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
            folder === '' ? (
              empty
            ) : (
              <Empty title="No files" />
            )
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
                  cell: (file) => <Name file={file} onOpen={setFolder} />,
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
                        href={urlOf(path)}
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

const Name = ({
  file: { path, is_dir: isFolder },
  onOpen,
}: {
  readonly file: ArtifactFile
  readonly onOpen: (folder: string) => void
}) => (
  <span className={style.path} style={{ padding: 0, border: 0, alignItems: 'center', gap: 8 }}>
    {isFolder ? <IconFolder size={15} aria-hidden /> : <IconFile size={15} aria-hidden />}
    {isFolder ? (
      <button type="button" onClick={() => onOpen(path)} style={{ padding: 0 }}>
        {baseName(path)}
      </button>
    ) : (
      baseName(path)
    )}
  </span>
)
