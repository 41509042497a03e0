import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The repository's root, with a slash at its end. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** The TypeScript files of all packages and servers, by their paths from the root, in order. */
export const sources = (): readonly string[] =>
  ['packages', 'servers'].flatMap(folder =>
    readdirSync(`${root}${folder}`).flatMap(name => {
      const source = `${folder}/${name}/src`
      return filesIn(source).filter(file => file.endsWith('.ts'))
    }),
  )

export const isTest = (path: string): boolean => /\.test\.ts$|\/testing\//.test(path)
export const isGenerated = (path: string): boolean => path.endsWith('.gen.ts')

/** A package that is only announced has no sources yet. */
function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
      .toSorted()
  } catch {
    return []
  }
}
