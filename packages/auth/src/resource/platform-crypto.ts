type NodeCrypto = ReturnType<typeof process.getBuiltinModule<'node:crypto'>>

/**
 * The synchronous `node:crypto` where the platform has it, else undefined: then `crypto.subtle` does the work.
 *
 * Measured on Node 20 as CPU time of the process: a signature check by ES256 takes 104 µs here and 138 µs with
 * `crypto.subtle`, a digest of 80 characters 2.6 µs and 27 µs. The difference is the way to another thread and back.
 */
export const nodeCrypto: NodeCrypto | undefined = globalThis.process?.getBuiltinModule?.('node:crypto')
