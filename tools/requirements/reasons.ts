import { choice, notApplicable, type Reason } from './model.ts'

// Reasons that several rows have.

export const hostUi: Reason = choice('what users see and confirm is up to the host that the client is built into')
export const author: Reason = choice('up to whoever writes the server')
export const model: Reason = choice('up to the host that runs the model')
export const noAuthorizationServer: Reason = notApplicable('for authorization servers; none is part of this')
export const noIcons: Reason = notApplicable('nothing here shows icons; they are handed over as they came')
export const noIntermediary: Reason = notApplicable(
  'nothing here reads headers without the body: the gateway ends one connection and begins another',
)
export const allRevisions: Reason = notApplicable('our servers speak every revision, older ones too')
export const document: Reason = notApplicable('about documents, not about what runs')
