import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * The declaration files that these reach by relative imports, themselves included, by their paths in the package:
 * without those of modules that nobody outside can name, and without the links to maps, which are not published.
 */
export function declarationsFrom(
  folder: string,
  entries: readonly string[],
  read: (path: string) => string = path => readFileSync(path, 'utf8'),
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const queue = entries.map(path => posix.normalize(path))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue
    const text = read(join(folder, path)).replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n')
    found.set(path, text)
    for (const [, specifier = ''] of text.matchAll(/(?:from |import\()["'](\.[^"']+)["']/g)) {
      queue.push(posix.join(posix.dirname(path), specifier.replace(/\.ts$|\.js$/, '.d.ts')))
    }
  }
  return found
}
