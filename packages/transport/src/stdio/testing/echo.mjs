// Gives back what it is given, and shows its arguments and environment first.
process.stdout.write(`${JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() })}\n`)
process.stdin.pipe(process.stdout)
