// Writes ten megabytes to standard error, then tells on standard output that nobody made it wait.
const line = `${'x'.repeat(999)}\n`
for (let count = 0; count < 10_000; count++) {
  if (!process.stderr.write(line)) await new Promise(resolve => process.stderr.once('drain', resolve))
}
process.stderr.write(`${'y'.repeat(100_000)}\nlast\n`)
process.stdout.write('done\n')
process.stdin.resume()
