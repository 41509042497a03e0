#!/usr/bin/env node
import module from 'node:module'

// From Node 22.1 on, starts after the first take a sixth less: what was compiled is kept in the folder for temporary files.
module.enableCompileCache?.()
const { main } = await import('../dist/main.js')

process.exitCode = await main(process.argv.slice(2))
