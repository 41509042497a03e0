/**
 * Writes what is published of every package below `dist/node_modules/`, where it can be run as users would have it:
 * a program in `dist/` finds it. Run after `tsc -b`; publish with `npm publish dist/node_modules/<name>`.
 */
import { packAll } from './all.ts'

for (const { name, folder } of await packAll()) console.log(`${name}: ${folder}`)
