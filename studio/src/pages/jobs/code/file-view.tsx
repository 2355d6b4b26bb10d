import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { codeTextQuery, type CodeFile } from '../../../api/code.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { Copy } from '../../../parts/copy.tsx'
import { IconDownload } from '../../../parts/icons.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty, Loading } from '../../../parts/states.tsx'
import { bytes, exact } from '../../../words/numbers.ts'
import style from './code.module.css'

const Source = lazy(async () => ({ default: (await import('../../../parts/code/source.tsx')).Source }))

/** Of all lines, none of them wrapped. */
const heightOf = (text: string) => (text.split('\n').length + 1) * 20

/** One file, to be read and to be taken along. */
export function FileView({ file }: { readonly file: CodeFile }) {
  const query = useQuery(codeTextQuery(file))
  const [line, setLine] = useSearchWord('line')
  const text = query.data !== undefined && 'text' in query.data ? query.data.text : undefined
  const lines = text === undefined ? '' : `, ${exact(text.replace(/\n$/, '').split('\n').length)} lines`
  return (
    <Panel
      title={<span className="mono">{file.path}</span>}
      subtitle={`${bytes(file.bytes)}${lines}${line === '' ? '' : `; line ${line}`}`}
      flush
      actions={
        <>
          {text === undefined ? null : <Copy text={text} what="file" />}
          <a href={file.url} download={file.path.split('/').at(-1)} aria-label={`Download ${file.path}`}>
            <IconDownload size={16} aria-hidden />
          </a>
        </>
      }
    >
      <Answer query={query}>
        {(content) =>
          'why' in content ? (
            <Empty title="This file is not shown">{content.why} The arrow above downloads it.</Empty>
          ) : content.text === '' ? (
            <Empty title="This file is empty" />
          ) : (
            <div className={style.view} style={{ height: `min(70vh, ${heightOf(content.text)}px)` }}>
              <Suspense fallback={<Loading rows={12} />}>
                <Source
                  name={file.path}
                  text={content.text}
                  line={Number(line) || 0}
                  onLine={(chosen) => setLine(String(chosen), 'replace')}
                />
              </Suspense>
            </div>
          )
        }
      </Answer>
    </Panel>
  )
}
