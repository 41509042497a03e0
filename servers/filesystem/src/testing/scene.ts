import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Area, type AreaOptions, area } from '../area.ts'

/** A fresh folder with an allowed folder `in` and, beside it, `out`, which nothing may reach. */
export interface Scene extends AsyncDisposable {
  readonly inside: string
  readonly outside: string
  readonly area: Area
}

/** Files by path (`in/a.txt`), folders by a path that ends in `/`, links as `-> target`. */
export async function scene(files: Record<string, string | Uint8Array> = {}, options?: AreaOptions): Promise<Scene> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'interlock-files-')))
  const [inside, outside] = [join(base, 'in'), join(base, 'out')]
  await Promise.all([mkdir(inside), mkdir(outside)])
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(base, path.endsWith('/') ? path : dirname(path)), { recursive: true })
    if (path.endsWith('/')) continue
    const link = typeof content === 'string' ? /^-> (.*)$/.exec(content)?.[1] : undefined
    if (link === undefined) await writeFile(join(base, path), content)
    else await symlink(link.replace('{base}', base), join(base, path))
  }
  return {
    inside,
    outside,
    area: area([inside], options),
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  }
}

/** How paths are held: by handle where the system has `/proc`, by checking everywhere. */
export const manners: readonly boolean[] = process.platform === 'linux' ? [true, false] : [false]
