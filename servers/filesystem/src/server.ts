import { readFileSync } from 'node:fs'
import { type Server, server } from '@interlock/server'
import { allowedSentence, area } from './area.ts'
import type { Limits } from './limits.ts'
import { editFileTool } from './tools/edit-file.ts'
import { fileInfoTool } from './tools/file-info.ts'
import { listDirectoryTool } from './tools/list-directory.ts'
import { readFileTool } from './tools/read-file.ts'
import { searchFilesTool } from './tools/search-files.ts'
import { writeFileTool } from './tools/write-file.ts'

export interface FilesystemOptions {
  /** Leave out the tools that write. */
  readonly readOnly?: boolean | undefined
  readonly limits?: Partial<Limits> | undefined
}

/**
 * A server for the files inside `roots` and nothing else. Relative paths resolve against the first.
 *
 * SECURITY. On Linux every path is walked by handles, name by name, and links are read rather than followed, so that
 * nothing outside is read, written or found out, also while somebody swaps names during a call. Elsewhere paths are
 * checked before and after, which leaves a short moment in which a local attacker could win. Everywhere: a hard link
 * inside to a file outside is a file inside, and is read (writing replaces the name and leaves the other file alone);
 * a file system mounted inside is inside; and whoever may move a folder out while it is written to takes the new file
 * along. The server acts with the rights of its process.
 *
 * @throws TypeError unless every root is an existing folder.
 */
export function filesystem(roots: readonly string[], options: FilesystemOptions = {}): Server {
  const allowed = area(roots, { limits: options.limits })
  const reading = [readFileTool, listDirectoryTool, searchFilesTool, fileInfoTool]
  const offered = options.readOnly ? reading : [...reading, writeFileTool, editFileTool]
  return server({
    name: 'interlock-filesystem',
    title: 'Files',
    version,
    instructions:
      `Files inside allowed folders only (${allowedSentence(allowed.folders)}). Relative paths start in the first. ` +
      (options.readOnly ? 'Files can be read, not changed.' : 'Prefer edit_file to write_file for existing files.'),
    tools: offered.map(make => make(allowed)),
  })
}

const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const { version } = manifest
