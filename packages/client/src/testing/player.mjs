// A server on stdio that plays what the file says that it is given: for a method, or for a tool by its name, a list of pieces, in which
// $ID stands for the request's id. A number is that many bytes that are not UTF-8; null ends the process.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const scenes = JSON.parse(readFileSync(process.argv[2], 'utf8'))

createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line)
  for (const piece of scenes[params?.name] ?? scenes[method] ?? []) {
    if (piece === null) process.exit(0)
    if (typeof piece === 'number') process.stdout.write(Buffer.alloc(piece, 0xff))
    else process.stdout.write(piece.replaceAll('$ID', JSON.stringify(id)))
  }
})
