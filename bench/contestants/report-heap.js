/** Loaded before a contestant: on SIGUSR2 it says on stderr what memory is left after full collections. */
process.on('SIGUSR2', async () => {
  // Finalizers, and what they let go of, need turns of the event loop between the collections.
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const handles = process.getActiveResourcesInfo().length
  process.stderr.write(`\nheap ${JSON.stringify({ heapUsed, external, rss, handles })}\n`)
})
