export { listenStdio, type StdioListener, type StdioServerOptions } from './server.ts'
