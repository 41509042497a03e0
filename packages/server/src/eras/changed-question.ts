import { code, ProtocolError } from '@interlock/protocol'

/** A question that is not the one asked before under its key: its author made a mistake. */
export const changedQuestion = (key: string): ProtocolError =>
  new ProtocolError(
    code.internalError,
    `The handler asked another question under the key "${key}" than before; its author must keep keys stable`,
  )
