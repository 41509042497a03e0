export { defaultLimits, type Limits } from './limits.ts'
export { type FilesystemOptions, filesystem } from './server.ts'
