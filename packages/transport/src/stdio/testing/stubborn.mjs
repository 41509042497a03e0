// Ends neither when its input closes nor when asked to by a signal.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
process.stdin.resume()
setInterval(() => {}, 60_000)
process.stdout.write(`${process.pid}\n`)
