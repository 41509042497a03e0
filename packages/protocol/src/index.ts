export { forget, onAbort, type Stop } from './abort-listeners.ts'
export {
  type Call,
  type Caller,
  type InputPort,
  type InputRequest,
  type InputRequests,
  type Peer,
  type RequestEvent,
  type Resume,
  Suspended,
  type TaskRequest,
} from './call.ts'
export { Cancellation } from './cancellation.ts'
export { type Change, type ChangeBus, type ChangeBusOptions, changeBus, type Interest } from './change.ts'
export { Cursors } from './cursors.ts'
export type {
  Binding,
  Connection,
  Delivery,
  EventSink,
  Exchange,
  OutgoingEvent,
  Principal,
  Receiver,
  Stream,
} from './exchange.ts'
export { whenExpired } from './expiry.ts'
export { explain } from './explain.ts'
export {
  type DetailedTask,
  isEnded,
  isTask,
  type Task,
  type TaskDesk,
  TaskRequired,
  type TaskStatus,
  tasksExtension,
} from './extensions/tasks.ts'
export {
  type CacheHint,
  type Complete,
  complete,
  compose,
  type Handler,
  type Middleware,
  type Outcome,
  type Settled,
} from './handler.ts'
export { decodeHeaderValue, encodeHeaderValue } from './header-value.ts'
export { InFlight } from './in-flight.ts'
export { cancelledId, isCancellable } from './jsonrpc/cancelled.ts'
export { type CutOut, hasMark, placeholder, putBack } from './jsonrpc/cut-out.ts'
export {
  clip,
  code,
  InsufficientScope,
  invalidParams,
  invalidRequest,
  methodNotFound,
  ProtocolError,
  ResourceNotFound,
  toErrorObject,
} from './jsonrpc/error.ts'
export {
  type ErrorObject,
  type ErrorResponse,
  errorResponse,
  isNotification,
  isRequest,
  isResponse,
  type Message,
  type Meta,
  type Notification,
  notification,
  type Params,
  type Pieces,
  RawJson,
  type Request,
  type RequestId,
  type Response,
  type ResultResponse,
  request,
  resultResponse,
  serialise,
  serialisePieces,
} from './jsonrpc/message.ts'
export { check, isId, isObject, messageLimits, parse, Unreadable } from './jsonrpc/parse.ts'
export { IdSalvage } from './jsonrpc/salvage.ts'
export { type Source, sourceLimits, sourceOf, writtenFrom } from './jsonrpc/source.ts'
export { textResult } from './jsonrpc/text-result.ts'
export { isLogged, isLoggingLevel, loggingLevels } from './logging.ts'
export { isExtensionId, metaKey, withoutEnvelope } from './meta.ts'
export {
  type MirroredParameter,
  type MirroredParameters,
  mirroredParameters,
  mirroredValue,
  nameMember,
} from './mirroring.ts'
export type * from './model/index.ts'
export { nearest } from './nearest.ts'
export { Pages } from './pages.ts'
export { expressible, MissingCapability, refusedQuestion, requireCapability } from './require-capability.ts'
export type {
  Checks,
  ClientChecks,
  Features,
  Lowering,
  Lowerings,
  NotificationChecks,
  RequestChecks,
  Revision,
  Sender,
} from './revision.ts'
export { legacy, modern, newest, receivedByClients, revision, revisions, revisionsNamed } from './revisions/index.ts'
export type { Service, ServiceView } from './service.ts'
export { inputRounds, interactiveMethods, settle } from './settle.ts'
export {
  type Ended,
  type ExchangeOptions,
  type Reply,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from './transport.ts'
export { type UriTemplate, uriTemplate } from './uri-template.ts'
