declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { Icon } from './parts/icons.ts'
  const icon: Icon
  export default icon
}
