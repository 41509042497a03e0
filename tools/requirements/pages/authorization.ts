import { allLater, counts, type Page } from '../model.ts'

const topic = 'authorization'

export const authorization: Page = {
  path: 'basic/authorization',
  title: 'Authorization',
  counted: counts(30, 7, 21, 2),
  rows: [
    ...allLater(topic, 'Protocol Requirements', counts(1, 0, 1, 1)),
    ...allLater(topic, 'Overview', counts(5, 0, 1, 0)),
    ...allLater(topic, 'Authorization Server Discovery', counts(1, 0, 0, 0)),
    ...allLater(topic, 'Client Registration', counts(1, 0, 0, 0)),
    ...allLater(topic, 'Scope Selection Strategy', counts(1, 1, 5, 0)),
    ...allLater(topic, 'Authorization Response Validation', counts(4, 2, 2, 0)),
    ...allLater(topic, 'Resource Parameter Implementation', counts(4, 0, 0, 0)),
    ...allLater(topic, 'Canonical Server URI', counts(1, 0, 3, 0)),
    ...allLater(topic, 'Token Requirements', counts(3, 1, 0, 0)),
    ...allLater(topic, 'Token Handling', counts(5, 2, 0, 0)),
    ...allLater(topic, 'Refresh Tokens', counts(1, 1, 1, 1)),
    ...allLater(topic, 'Error Handling', counts(1, 0, 0, 0)),
    ...allLater(topic, 'Runtime Insufficient Scope Errors', counts(0, 0, 5, 0)),
    ...allLater(topic, 'Step-Up Authorization Flow', counts(1, 0, 3, 0)),
    ...allLater(topic, 'Security Considerations', counts(1, 0, 0, 0)),
  ],
}

export const serverDiscovery: Page = {
  path: 'basic/authorization/authorization-server-discovery',
  title: 'Authorization server discovery',
  counted: counts(11, 2, 0, 0),
  rows: [
    ...allLater(topic, 'Authorization Server Location', counts(3, 1, 0, 0)),
    ...allLater(topic, 'Protected Resource Metadata Discovery Requirements', counts(3, 0, 0, 0)),
    ...allLater(topic, 'Authorization Server Metadata Discovery', counts(5, 1, 0, 0)),
  ],
}

export const registration: Page = {
  path: 'basic/authorization/client-registration',
  title: 'Client registration',
  counted: counts(12, 1, 11, 0),
  rows: [
    ...allLater(topic, '', counts(0, 0, 1, 0)),
    ...allLater(topic, 'Client ID Metadata Documents', counts(0, 0, 1, 0)),
    ...allLater(topic, 'Implementation Requirements', counts(8, 0, 3, 0)),
    ...allLater(topic, 'Advertising CIMD Support', counts(0, 0, 1, 0)),
    ...allLater(topic, 'Pre-registration', counts(0, 0, 1, 0)),
    ...allLater(topic, 'Application Type and Redirect URI Constraints', counts(2, 0, 3, 0)),
    ...allLater(topic, 'Authorization Server Binding', counts(2, 1, 1, 0)),
  ],
}

export const security: Page = {
  path: 'basic/authorization/security-considerations',
  title: 'Authorization security',
  counted: counts(26, 1, 5, 0),
  rows: [
    ...allLater(topic, '', counts(2, 0, 0, 0)),
    ...allLater(topic, 'Token Audience Binding and Validation', counts(2, 0, 0, 0)),
    ...allLater(topic, 'Token Theft', counts(2, 0, 1, 0)),
    ...allLater(topic, 'Communication Security', counts(3, 0, 0, 0)),
    ...allLater(topic, 'Authorization Code Protection', counts(7, 0, 0, 0)),
    ...allLater(topic, 'Open Redirection', counts(3, 0, 2, 0)),
    ...allLater(topic, 'Client ID Metadata Document Security', counts(1, 0, 0, 0)),
    ...allLater(topic, 'Authorization Server Abuse Protection', counts(0, 0, 1, 0)),
    ...allLater(topic, 'Localhost Redirect URI Risks', counts(1, 0, 1, 0)),
    ...allLater(topic, 'Confused Deputy Problem', counts(1, 0, 0, 0)),
    ...allLater(topic, 'Access Token Privilege Restriction', counts(4, 1, 0, 0)),
  ],
}
