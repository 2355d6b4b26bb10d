import { NewButton } from '../../../../parts/make.tsx'
import { DropFile } from '../widgets/drop-file.tsx'
import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import { ChoiceField, LongField, NameField, PairsField, TextField } from '../inputs.tsx'

/** A data asset: of a file that is uploaded, or of what lies somewhere. */
export function DataForm({ form, files, onFile }: FormProps) {
  const path = form.value(['path'])
  const file = typeof path === 'string' ? files.get(path) : undefined
  return (
    <>
      <DropFile
        file={file}
        onFile={(chosen) => {
          onFile(chosen.name, chosen)
          const name = form.value(['name'])
          const isUnnamed = name === undefined || name === 'my-data'
          form.setAll([
            [['path'], chosen.name],
            [['type'], 'uri_file'],
            ...(isUnnamed ? ([[['name'], nameOf(chosen.name)]] as const) : []),
          ])
        }}
      />
      <div className={style.fields}>
        <TextField form={form} path={['name']} />
        <TextField form={form} path={['version']} placeholder="the next" />
        <ChoiceField form={form} path={['type']} />
        <NameField form={form} path={['path']} of="datastore" label="path or address" />
        <div className={style.wide}>
          <LongField form={form} path={['description']} />
        </div>
        <PairsField form={form} path={['tags']} />
      </div>
      <p className="muted in-text">
        Rows of a database come by an import, which can be repeated:{' '}
        <NewButton kind="data-import" label="Import from a database" variant="subtle" size="compact-sm" />
      </p>
    </>
  )
}

/** `Flights 2013.csv` as the name of an asset: `flights-2013`. */
export const nameOf = (file: string): string =>
  file
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'data'
