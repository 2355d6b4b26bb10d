import './theme/mantine.css'
import './theme/tokens.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { Studio } from './studio.tsx'

const root = document.querySelector('#root')
if (root === null) throw new Error('the document has no #root')
createRoot(root).render(<Studio />)
