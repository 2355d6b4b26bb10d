import { useQueries } from '@tanstack/react-query'
import { artifactsQuery, artifactUrl } from '../../../api/runs.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import type { DrawnRun } from '../../../parts/history/history-chart.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { bytes } from '../../../words/numbers.ts'
import style from './compare.module.css'
import { SideBySide } from './side-by-side.tsx'
import { Swatch } from './swatch.tsx'

const isImage = (path: string) => /\.(?:png|jpe?g|gif|webp)$/i.test(path)
/** More pictures than this are looked at run by run. */
const mostImages = 24

/** Files of runs beside each other, of their topmost folders; pictures are shown. */
export function ComparedFiles({ runs }: { readonly runs: readonly DrawnRun[] }) {
  const workspace = useWorkspace()
  const answers = useQueries({ queries: runs.map(({ id }) => artifactsQuery(workspace, id, '')) })
  const files = answers.map(({ data = [] }) => new Map(data.map((file) => [file.path, file])))
  const paths = [...new Set(files.flatMap((map) => [...map.keys()]))].toSorted((a, b) => a.localeCompare(b))
  if (paths.length === 0) return null
  const images = paths
    .filter(isImage)
    .flatMap((path) => runs.filter((_, i) => files[i]?.has(path) === true).map((run) => ({ path, run })))
  return (
    <Panel title="Files" subtitle="artifacts in the topmost folder of each run" flush>
      <SideBySide
        label="File"
        runs={runs}
        base=""
        rows={paths.map((path) => {
          const found = files.map((map) => map.get(path))
          return {
            name: path,
            isSame: found.every((file) => file?.file_size === found[0]?.file_size),
            cells: found.map((file, i) =>
              file === undefined ? (
                <span key={runs[i]?.id} className="muted">
                  –
                </span>
              ) : file.is_dir ? (
                'folder'
              ) : (
                <a key={runs[i]?.id} href={artifactUrl(workspace, runs[i]?.id ?? '', path)} download>
                  {bytes(file.file_size)}
                </a>
              ),
            ),
          }
        })}
      />
      {images.length === 0 ? null : (
        <div className={style.images} style={{ padding: 12 }}>
          {images.slice(0, mostImages).map(({ path, run }) => (
            <figure key={`${run.id} ${path}`}>
              <img src={artifactUrl(workspace, run.id, path)} alt={`${path} of ${run.name}`} loading="lazy" />
              <figcaption>
                <Swatch look={run.look} /> {path}, {run.name}
              </figcaption>
            </figure>
          ))}
        </div>
      )}
    </Panel>
  )
}
