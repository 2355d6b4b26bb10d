import { Panel } from '../../parts/panel.tsx'
import { DropFile } from './forms/widgets/drop-file.tsx'

/** Files for the paths of a document that a browser cannot see by itself. */
export function Files({
  files,
  onFile,
}: {
  readonly files: ReadonlyMap<string, File>
  readonly onFile: (path: string, file: File) => void
}) {
  return (
    <Panel title="A file of yours" subtitle="path: its name">
      <DropFile file={[...files.values()].at(-1)} onFile={(file) => onFile(file.name, file)} />
    </Panel>
  )
}
