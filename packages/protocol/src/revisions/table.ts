/** Rows looked up by a name that a peer chose: without a prototype, `constructor` and `__proto__` are no rows. */
export function table<Row>(rows: Readonly<Record<string, Row>>): Readonly<Record<string, Row>> {
  return Object.assign(Object.create(null), rows)
}
