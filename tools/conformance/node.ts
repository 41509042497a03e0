import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './processes.ts'

/** The tool needs this major version; what it tests runs on the Node of this process. */
const needed = 22
const installed = '24.21.0'

/** The Node that runs the tool: this one, or one from npm that is kept beside the packages. */
export async function nodeForTool(root: string): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= needed) return process.execPath
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const folder = join(root, 'node_modules', '.cache', 'interlock-conformance')
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  console.error(`the conformance tool needs Node ${needed}: installing ${name}@${installed} into ${folder}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const words = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', `${name}@${installed}`]
  const { exitCode, stderr } = await run('npm', words, 10 * 60_000, { cwd: folder })
  if (exitCode === 0 && existsSync(binary)) return binary
  throw new Error(`Node ${installed} could not be installed; run this on Node ${needed} or later: ${stderr.trim()}`)
}
