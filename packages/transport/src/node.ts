export { type HttpListener, type ListenOptions, listenHttp, nodeLimits } from './http/node.ts'
export { nodeSend } from './http/node-client.ts'
