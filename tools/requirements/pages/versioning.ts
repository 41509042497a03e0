import { counts, must, type Page, should } from '../model.ts'
import { allRevisions, document } from '../reasons.ts'
import * as t from '../tests.ts'

const remembered = t.connecting('the era of a target is remembered, and found out again when that turns out wrong')

export const versioning: Page = {
  path: 'basic/versioning',
  title: 'Versioning',
  counted: counts(4, 0, 5, 0),
  rows: [
    must(
      'Protocol Version Negotiation',
      'an unknown version gets an error with those that are known',
      t.httpModern('version %s: 400'),
    ),
    should(
      'Protocol Version Negotiation',
      'the client takes a common one of these, or says there is none',
      t.probe('a server that refuses the version and offers one with sessions is initialized'),
      t.probe('a server that offers a version and refuses it, or offers none that is known, is not guessed at'),
    ),
    must(
      'Protocol Version Negotiation',
      'servers have server/discover',
      t.offers('%s: a server says who it is and what it can'),
    ),
    must(
      'Extension Negotiation',
      'ids of extensions have a prefix, as keys of _meta have',
      t.stateless('an extension needs a name with a prefix, which %s is not'),
      t.stateless('an extension is declared under its name'),
    ),
    must(
      'Extension Negotiation',
      'where one side lacks an extension, fall back or refuse',
      t.tasks('%s: clients without tasks wait, and are refused what is a task only'),
      t.apps('%s: a host that shows views says so, and others get the text'),
      t.tasks('%s is for clients that declare it'),
    ),
    should('Extension Negotiation', 'extensions say what their fallback is', document),
    should(
      'Backward Compatibility with Initialization-Based Versions',
      'the era of a server is remembered',
      remembered,
      t.upstreams(
        'the era of a server is remembered when it is started again, and forgotten when it does not fit any more',
      ),
    ),
    should(
      'Backward Compatibility with Initialization-Based Versions',
      'modern-only servers name their versions to an initialize',
      allRevisions,
    ),
    should(
      'Compatibility Matrix',
      'on stdio server/discover comes first',
      t.probe('a stateless server over %s is asked once'),
    ),
  ],
}
