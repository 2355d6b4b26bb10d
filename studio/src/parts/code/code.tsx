import { lazy, Suspense } from 'react'
import style from './code.module.css'

const Editor = lazy(async () => ({ default: (await import('./editor.tsx')).Editor }))

export interface CodeProps {
  readonly text: string
  readonly language: 'json' | 'yaml' | 'text'
  /** Given, the text can be edited. */
  readonly onChange?: (text: string) => void
  readonly label?: string
  readonly height?: number
}

/** Text with its syntax coloured. Until the editor is there, the text alone. */
export function Code(props: CodeProps) {
  return (
    <div className={style.code} style={props.height === undefined ? {} : { height: props.height }}>
      <Suspense fallback={<Plain {...props} />}>
        <Editor {...props} />
      </Suspense>
    </div>
  )
}

const Plain = ({ text, label, language }: CodeProps) => (
  <pre className={style.plain} tabIndex={0} role="region" aria-label={label ?? `${language} text`}>
    {text}
  </pre>
)
