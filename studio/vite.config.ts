import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { defineConfig } from 'vite'

/** `npx vite studio` serves Studio with what it asks of a server that is up. */
const server = process.env['TWINLOOP_URL'] ?? 'http://127.0.0.1:7077'
const surfaces = [
  '/subscriptions',
  '/providers',
  '/mlflow',
  '/history',
  '/v1.0',
  '/sign-in-links',
  '/sign-out',
]

// oxlint-disable-next-line import/no-default-export -- vite wants one
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, '../dist/studio'),
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1000,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(surfaces.map((path) => [path, server])) },
})
