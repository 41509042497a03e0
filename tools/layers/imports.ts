import ts from 'typescript'

export interface Import {
  readonly specifier: string
  readonly line: number
  /** Static imports of values run when the file is loaded; the others later or never. */
  readonly kind: 'static' | 'dynamic' | 'type'
}

export interface Found {
  readonly imports: readonly Import[]
  /** Texts that are a date and nothing else. */
  readonly dates: readonly { readonly text: string; readonly line: number }[]
}

/** What a file imports, in statements and in expressions, and the dates that it names. */
export function read(name: string, text: string): Found {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const dates: { text: string; line: number }[] = []
  const lineOf = (node: ts.Node): number => source.getLineAndCharacterOfPosition(node.getStart()).line + 1
  const visit = (node: ts.Node): void => {
    const found = importOf(node)
    if (found !== undefined) imports.push({ ...found, line: lineOf(node) })
    if (ts.isStringLiteralLike(node) && /^\d{4}-\d{2}-\d{2}$/.test(node.text)) {
      dates.push({ text: node.text, line: lineOf(node) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { imports, dates }
}

function importOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const isType = ts.isExportDeclaration(node)
      ? node.isTypeOnly
      : node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return named(node.moduleSpecifier, isType ? 'type' : 'static')
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return named(node.arguments[0], 'dynamic')
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal, 'type')
  return undefined
}

const named = (node: ts.Node | undefined, kind: Import['kind']): Omit<Import, 'line'> | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? { specifier: node.text, kind } : undefined
