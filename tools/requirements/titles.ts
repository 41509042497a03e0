import ts from 'typescript'

export interface TestTitle {
  readonly title: string
  /** Titles of the suites it stands in, outermost first. */
  readonly suites: readonly string[]
}

const kinds: ReadonlySet<string> = new Set(['test', 'it'])

/** The tests of a source file, in their order; of a table of tests, the title as it is written there. */
export function testTitles(source: string): TestTitle[] {
  const found: TestTitle[] = []
  const visit = (node: ts.Node, suites: readonly string[]): void => {
    const inner = [...suites]
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments
      const name = calledName(node.expression)
      if (title !== undefined && ts.isStringLiteralLike(title)) {
        if (kinds.has(name)) found.push({ title: title.text, suites })
        if (name === 'describe') inner.push(title.text)
      }
    }
    ts.forEachChild(node, child => visit(child, inner))
  }
  visit(parsed(source), [])
  return found
}

/** All texts that a source file holds as literals: the rows of tables of tests are among them. */
export function texts(source: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(parsed(source))
  return found
}

const parsed = (source: string): ts.SourceFile => ts.createSourceFile('x.test.ts', source, ts.ScriptTarget.Latest)

/** What a chain of calls and members begins with: `test` of `test.skipIf(slow).each(rows)`. */
function calledName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) {
    return calledName(expression.expression)
  }
  return ''
}
