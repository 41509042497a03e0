/** Limits on what a server can make a client do. Times in milliseconds. */
export const clientLimits = {
  /** A call without a sign of life. Longer than any interactive tool takes to say something. */
  callMs: 60_000,
  /** A call kept alive by progress notifications. Long builds end before it; a server that only pretends does not. */
  totalMs: 3_600_000,
  /** `server/discover` on a stream, before `initialize` is sent as well. A running server answers in milliseconds. */
  discoverMs: 3_000,
  /** The same over HTTP, where silence is rarer: a server says at once that it does not know a method. */
  discoverHttpMs: 15_000,
  /** The whole handshake. A package runner may have to download the server first. */
  connectMs: 120_000,
  /** Telling a server that its session is over. Nobody waits longer to quit. */
  terminateMs: 2_000,
  /** Until a subscription is acknowledged. */
  acknowledgeMs: 10_000,
  /** Pages of one list. Ten entries a page make a list nobody reads. */
  listPages: 1_000,
  /** Entries of one list. No model can choose among more, and checking them takes milliseconds. */
  listEntries: 10_000,
  /** Characters of one list that comes in pages, as JSON. One page is bounded by the largest message anyhow. */
  listCharacters: 64_000_000,
  /** Broken entries of one list that a warning each explains; the others are counted. */
  complaints: 20,
  /** Questions of one server that wait for an answer at once. No person is asked more. */
  openQuestions: 100,
  /** Pages that people were sent to and that are not done. More are forgotten, the oldest first. */
  openPages: 1_000,
  /** Pages that one call may want its user to go to. Nobody opens more. */
  pagesAtOnce: 10,
  /** Until a call is made again whose user went to a page, when the server does not say that all is done there. */
  pageMs: 300_000,
  /** First and longest wait before a broken stream is opened again. */
  reopenMs: 1_000,
  longestReopenMs: 60_000,
  /** A stream that lasted this long was no failure, however it ended: the next one is not made to wait longer. */
  steadyMs: 10_000,
  /** Results kept for as long as their server said. More than a host lists and reads of one server again and again. */
  cacheEntries: 1_000,
  /** What they take in all. A list of a thousand tools takes about one of it. */
  cacheBytes: 16_777_216,
  /** Longest time that a result is taken for fresh, whatever the server says: a day, so that no mistake lasts. */
  cacheTtlMs: 86_400_000,
  /** Targets whose era is remembered. */
  rememberedEras: 1_000,
} as const
