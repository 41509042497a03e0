export { type HttpListener, type ListenOptions, listenHttp, type NodeLimits, nodeLimits } from './http/node.ts'
export { nodeSend } from './http/node-client.ts'
export type { Siblings } from './http/node-siblings.ts'
