import { ActionIcon, Button, CopyButton, Popover, TextInput } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { stringifySearch, type Search } from '../../../frame/search.ts'
import { IconBookmark, IconCheck, IconCopy, IconX } from '../../icons.ts'
import { readViews, viewOf, viewShown, withView } from './views.ts'
import style from '../table.module.css'

/**
 * Views of a table that one keeps under names: filters, order and columns. They are one's own, in this browser; a
 * colleague is given the link.
 */
export function ViewsMenu({ table }: { readonly table: string }) {
  const [views, setViews] = useLocalStorage({
    key: `twinloop.views.${table}`,
    defaultValue: readViews(null),
    deserialize: readViews,
  })
  const search = useSearch({ strict: false, select: (all: Search) => all })
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [isOpen, setOpen] = useState(false)
  const here = viewShown(views, search)
  const show = (view: Search) => {
    void navigate({ to: '.', search: view as never, resetScroll: false })
    setOpen(false)
  }
  return (
    <Popover position="bottom-end" trapFocus shadow="md" opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          h={30}
          leftSection={<IconBookmark size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {here === undefined ? 'Views' : here.name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={style.views}>
        {views.length === 0 ? (
          <p className="muted">Filters, order and columns can be kept under a name, in this browser.</p>
        ) : (
          <ul aria-label="Saved views">
            {views.map((view) => (
              <li key={view.name} data-here={view === here}>
                <button type="button" onClick={() => show(view.search)}>
                  {view.name}
                </button>
                <CopyButton
                  value={`${location.origin}${location.pathname}${stringifySearch(view.search)}`}
                  timeout={1500}
                >
                  {({ copied, copy }) => (
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size="sm"
                      onClick={copy}
                      aria-label={copied ? 'Copied' : `Copy the link of ${view.name}`}
                    >
                      {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                    </ActionIcon>
                  )}
                </CopyButton>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`Forget ${view.name}`}
                  onClick={() => setViews(views.filter((one) => one !== view))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim() === '') return
            setViews([...withView(views, { name: name.trim(), search: viewOf(search) })])
            setName('')
            setOpen(false)
          }}
        >
          <TextInput
            aria-label="Name of the view"
            placeholder="Keep this view as …"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" size="xs" h={30} disabled={name.trim() === ''}>
            Keep
          </Button>
        </form>
        {here === undefined ? null : (
          <Button variant="subtle" size="compact-xs" onClick={() => show({})}>
            Back to the usual view
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
