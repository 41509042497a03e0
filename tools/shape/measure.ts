import ts from 'typescript'

export interface FunctionShape {
  readonly name: string
  readonly lines: number
  /** Ways through it, counted by McCabe's rule; functions inside count for themselves. */
  readonly complexity: number
}

export interface FileShape {
  readonly lines: number
  readonly filledLines: number
  readonly commentLines: number
  /** Places where the type is `any`. */
  readonly any: number
  /** `as` and `<T>` in expressions, without `as const`. */
  readonly casts: number
  readonly functions: readonly FunctionShape[]
}

/** Measures one source text. Nothing is resolved: this is about how the text looks. */
export function measure(name: string, text: string): FileShape {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const functions: FunctionShape[] = []
  let any = 0
  let casts = 0
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) any += 1
    if (isCast(node)) casts += 1
    if (isFunction(node)) functions.push(shapeOf(node, source))
    ts.forEachChild(node, visit)
  }
  visit(source)
  const lines = text.replace(/\n$/, '').split('\n')
  return {
    lines: lines.length,
    filledLines: lines.filter(line => line.trim() !== '').length,
    commentLines: countCommentLines(source),
    any,
    casts,
    functions,
  }
}

const isCast = (node: ts.Node): boolean =>
  (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && !ts.isConstTypeReference(node.type)

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined

function shapeOf(node: ts.FunctionLikeDeclaration, source: ts.SourceFile): FunctionShape {
  const lineAt = (at: number): number => source.getLineAndCharacterOfPosition(at).line
  return {
    name: nameOf(node, source),
    lines: lineAt(node.getEnd()) - lineAt(node.getStart()) + 1,
    complexity: 1 + countBranches(node),
  }
}

function nameOf(node: ts.FunctionLikeDeclaration, source: ts.SourceFile): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor'
  const { parent } = node
  const holder = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent : node
  return holder.name?.getText(source) ?? 'unnamed'
}

const branching: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ConditionalExpression,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.CaseClause,
  ts.SyntaxKind.CatchClause,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

function countBranches(node: ts.Node): number {
  let count = 0
  ts.forEachChild(node, child => {
    if (isFunction(child)) return
    count += (branching.has(child.kind) ? 1 : 0) + countBranches(child)
  })
  return count
}

/** Lines that a comment stands on by itself. */
function countCommentLines(source: ts.SourceFile): number {
  const lines = new Set<number>()
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []) {
      const from = source.getLineAndCharacterOfPosition(range.pos)
      const to = source.getLineAndCharacterOfPosition(range.end)
      const before = source.text.slice(range.pos - from.character, range.pos)
      if (before.trim() === '') for (let line = from.line; line <= to.line; line += 1) lines.add(line)
    }
    for (const child of node.getChildren(source)) visit(child)
  }
  visit(source)
  return lines.size
}
