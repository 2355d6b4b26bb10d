import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Ten shades, light to dark; Studio's own tokens decide which is seen, this is what Mantine derives the rest from. */
const brand: MantineColorsTuple = [
  '#e6eefc',
  '#c9daf8',
  '#a4c0f3',
  '#7ba4ec',
  '#5487e4',
  '#3670d9',
  '#2459c4',
  '#1b4db3',
  '#163f93',
  '#113174',
]
const red: MantineColorsTuple = [
  '#fbe7e8',
  '#f5c8cc',
  '#ec9ea5',
  '#e1707b',
  '#d34856',
  '#c02c3d',
  '#b3263a',
  '#a3182a',
  '#8e1220',
  '#730d19',
]

/** What Mantine draws with in the dark, from text to page. */
const dark: MantineColorsTuple = [
  '#e6e9ee',
  '#c5cad3',
  '#a3aab5',
  '#868e99',
  '#6f7885',
  '#4a515c',
  '#20242b',
  '#1c2026',
  '#16181d',
  '#101216',
]

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 6 },
  colors: { brand, dark, red },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: false, events: { hover: true, focus: true, touch: true } },
    },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--page)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--muted)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--page)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--control)',
  '--mantine-color-disabled': 'var(--hover)',
  '--mantine-color-disabled-color': 'var(--muted)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-brand-light': 'var(--accent-tint)',
  '--mantine-color-brand-light-color': 'var(--accent)',
  '--mantine-color-brand-outline': 'var(--accent)',
  '--mantine-color-red-light': 'var(--bad-tint)',
  '--mantine-color-red-light-color': 'var(--bad)',
  '--mantine-primary-color-light-color': 'var(--accent)',
}

/** Mantine's own colours often miss WCAG AA (measured): its variables read Studio's tokens instead. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
