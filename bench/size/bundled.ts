import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { minimal } from '../start/packed.ts'
import { contestantsFolder } from './installed.ts'

/** A program and all that it imports, in one minified file for Node. */
export interface Bundled {
  readonly bytes: number
  readonly gzipBytes: number
  /** The packages that most of it comes from, with their bytes. */
  readonly parts: readonly (readonly [string, number])[]
}

/** The part of esbuild that is used: it belongs to the contestants' workspace, not to this one. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{
    readonly outputFiles: readonly { readonly contents: Uint8Array }[]
    readonly metafile: {
      readonly outputs: Readonly<
        Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
      >
    }
  }>
}

/** @throws {Error} when the program cannot be bundled */
export async function bundled(script: string): Promise<Bundled> {
  const esbuild: Esbuild = createRequire(join(contestantsFolder, 'package.json'))('esbuild')
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [minimal(script)],
    absWorkingDir: contestantsFolder,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Imported by one contestant when they are there, which they are not.
    external: ['effect', 'sury'],
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
    outdir: 'out',
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`${script} made no bundle`)
  const parts = new Map<string, number>()
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const part = partOf(path)
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput)
    }
  }
  const largest = [...parts].sort(([, one], [, other]) => other - one)
  return { bytes: output.contents.length, gzipBytes: gzipSync(output.contents, { level: 9 }).length, parts: largest }
}

/** The package of a file. */
export function partOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path
}
