import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** In-process tests run the sources: every export of our packages is aliased from `dist/*.js` to `src/*.ts`. */
const sources = ['packages', 'servers'].flatMap(folder =>
  readdirSync(`${root}${folder}`).flatMap(name => {
    const manifest = JSON.parse(readFileSync(`${root}${folder}/${name}/package.json`, 'utf8'))
    return Object.entries<{ default: string }>(manifest.exports).map(([subpath, target]) => ({
      find: new RegExp(`^${manifest.name}${subpath.slice(1)}$`),
      replacement: `${root}${folder}/${name}/${target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`,
    }))
  }),
)

export default defineConfig({
  resolve: { alias: sources },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'servers/*/src/**/*.test.ts',
      'tools/**/*.test.ts',
      'bench/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
