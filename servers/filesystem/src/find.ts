import { mkdir, readlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Area, enclosing, type Location, locate } from './area.ts'
import { confirm, hold, type Place } from './place.ts'
import { errorCode, quoted, Refusal } from './refusal.ts'

/** Where a file is or would be: the held folder it is in, its name there, and what has that name now. */
export interface Target extends AsyncDisposable {
  readonly folder: Place
  readonly name: string
  readonly existing: Place | undefined
}

/** Takes hold of what the model calls `path`, through links that stay inside. Refuses what is missing. */
export async function find(area: Area, path: string): Promise<Place> {
  return existing(path, await walk(area, path, { follow: true, makeFolders: false }))
}

/** Like `find`, but a link named last is taken itself instead of what it points at. */
export async function findEntry(area: Area, path: string): Promise<Place> {
  return existing(path, await walk(area, path, { follow: false, makeFolders: false }))
}

/** Finds where to write, through links that stay inside. A link to nothing is refused: it says nothing useful. */
export async function findTarget(area: Area, path: string, makeFolders: boolean): Promise<Target> {
  const end = await walk(area, path, { follow: true, makeFolders })
  const { folder, name, place } = end
  if (folder === undefined || (place !== undefined && !place.stats.isFile())) {
    await release(end)
    throw new Refusal(`${quoted(path)} is not a file; name a file to write`)
  }
  if (place === undefined && end.links > 0 && end.viaLastName) {
    await release(end)
    throw new Refusal(`${quoted(path)} is a link to a file that does not exist; write to a name that is not a link`)
  }
  return { folder, name, existing: place, [Symbol.asyncDispose]: () => release(end) }
}

interface Manner {
  readonly follow: boolean
  readonly makeFolders: boolean
}

/** Where a walk ended. `folder` is undefined for an allowed folder itself, `place` for a name nothing has yet. */
interface End {
  readonly folder: Place | undefined
  readonly name: string
  readonly place: Place | undefined
  readonly links: number
  readonly viaLastName: boolean
}

/**
 * Steps from an allowed folder down, one held name at a time. A link is never followed by the system: its text is
 * read, and the walk starts again at what it names if that is inside, so nothing outside is so much as looked at.
 */
async function walk(area: Area, path: string, manner: Manner): Promise<End> {
  let location = locate(area, path)
  let viaLastName = false
  for (let links = 0; links <= area.limits.links; links++) {
    const step = await descend(area, path, location, manner)
    if (!('link' in step)) return verified(area, { ...step, links, viaLastName })
    const next = enclosing(area.folders, step.link)
    if (next === undefined) throw new Refusal(`${quoted(path)} leads through a link to outside the allowed folders`)
    viaLastName ||= step.rest.length === 0
    location = { folder: next.folder, names: [...next.names, ...step.rest] }
  }
  throw new Refusal(`${quoted(path)} leads through more than ${area.limits.links} links`)
}

async function verified(area: Area, end: End): Promise<End> {
  try {
    if (end.folder !== undefined) await confirm(area, end.folder)
    if (end.place !== undefined && !end.place.stats.isSymbolicLink()) await confirm(area, end.place)
    return end
  } catch (error) {
    await release(end)
    throw error
  }
}

type Step = Pick<End, 'folder' | 'name' | 'place'> | { readonly link: string; readonly rest: readonly string[] }

async function descend(area: Area, path: string, location: Location, manner: Manner): Promise<Step> {
  let folder = await holdAllowed(area, location.folder)
  if (location.names.length === 0) return { folder: undefined, name: '', place: folder }
  for (const [index, name] of location.names.entries()) {
    const rest = location.names.slice(index + 1)
    const isLast = rest.length === 0
    let place: Place | undefined
    try {
      place = await holdChild(area, folder, name, manner.makeFolders && !isLast)
      if (place?.stats.isSymbolicLink() && (manner.follow || !isLast)) {
        const link = resolve(folder.path, await readlink(join(folder.at, name)))
        await Promise.all([folder, place].map(release))
        return { link, rest }
      }
      if (!isLast && place === undefined) throw new Refusal(missingFolder(path, name))
      if (!isLast && !place?.stats.isDirectory()) throw new Refusal(`${quoted(name)} in ${quoted(path)} is no folder`)
    } catch (error) {
      await Promise.all([folder, place].map(release))
      throw error
    }
    if (isLast || place === undefined) return { folder, name, place }
    await release(folder)
    folder = place
  }
  return { folder: undefined, name: '', place: folder }
}

async function holdAllowed(area: Area, folder: string): Promise<Place> {
  const place = await hold(area, folder)
  if (place.path === folder && place.stats.isDirectory()) return place
  await release(place)
  throw new Refusal('the allowed folder was moved or replaced; restart the server')
}

async function holdChild(area: Area, folder: Place, name: string, make: boolean): Promise<Place | undefined> {
  const at = join(folder.at, name)
  for (let made = !make; ; made = true) {
    try {
      return await hold(area, at)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
      if (made) return undefined
    }
    await confirm(area, folder)
    await mkdir(at).catch(error => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
  }
}

async function existing(path: string, end: End): Promise<Place> {
  if (end.place !== undefined) {
    if (end.folder !== undefined) await release(end.folder)
    return end.place
  }
  await release(end)
  throw new Refusal(`nothing exists at ${quoted(path)}; look around with list_directory`)
}

const missingFolder = (path: string, name: string): string =>
  `the folder ${quoted(name)} in ${quoted(path)} does not exist; look around with list_directory`

async function release(held: Place | Pick<End, 'folder' | 'place'> | undefined): Promise<void> {
  if (held === undefined) return
  if (Symbol.asyncDispose in held) return held[Symbol.asyncDispose]()
  await Promise.all([held.folder, held.place].map(release))
}
