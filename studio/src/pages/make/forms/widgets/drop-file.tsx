import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { bytes } from '../../../../words/numbers.ts'
import style from '../forms.module.css'

/** A place to drop a file on, or to choose one by. It is uploaded when the document is saved. */
export function DropFile({
  file,
  onFile,
}: {
  readonly file: File | undefined
  readonly onFile: (file: File) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const [first] = files ?? []
    if (first !== undefined) onFile(first)
  }
  return (
    <div
      className={style.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      {file === undefined ? (
        <span>Drop a file here: CSV, Parquet, JSON lines, or anything else</span>
      ) : (
        <span>
          <strong>{file.name}</strong>, {bytes(file.size)}: uploaded when it is saved
        </span>
      )}
      <Button size="xs" variant="default" onClick={() => input.current?.click()}>
        {file === undefined ? 'Choose a file' : 'Choose another'}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File to upload"
        onChange={({ currentTarget: { files } }) => take(files)}
      />
    </div>
  )
}
