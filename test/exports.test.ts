import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

/**
 * The public names of every package, types included. A name that comes or goes is a decision: when it is meant, update the
 * list with `npx vitest run test/exports.test.ts -u`.
 */
const root = fileURLToPath(new URL('..', import.meta.url))

const entries = ['packages', 'servers'].flatMap(folder =>
  readdirSync(join(root, folder)).flatMap(name => {
    const { name: title, exports } = JSON.parse(readFileSync(join(root, folder, name, 'package.json'), 'utf8'))
    return Object.entries<{ readonly default: string }>(exports)
      .filter(([, target]) => target.default.startsWith('./dist/'))
      .map(([subpath, target]) => {
        const source = target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')
        return [`${title}${subpath.slice(1)}`, join(folder, name, source)] as const
      })
  }),
)

test.each(entries)('%s', (_, path) => {
  expect(publicNames(path)).toMatchSnapshot()
})

/** Names as a list of exports says them: `type x` for types, `type * from y` for all of another list. */
function publicNames(path: string): readonly string[] {
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest)
  return source.statements.flatMap(statement => {
    if (ts.isExportDeclaration(statement)) return listed(statement)
    if (!ts.canHaveModifiers(statement) || !ts.getModifiers(statement)?.some(isExport)) return []
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) return [statement.name.text]
    throw new Error(`${path} declares more than a function; it should only list what is public`)
  })
}

const isExport = ({ kind }: ts.Modifier): boolean => kind === ts.SyntaxKind.ExportKeyword

function listed({ exportClause, isTypeOnly, moduleSpecifier }: ts.ExportDeclaration): readonly string[] {
  const from = moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : ''
  if (exportClause === undefined) return [`${isTypeOnly ? 'type ' : ''}* from ${from}`]
  if (!ts.isNamedExports(exportClause)) return [`* as ${exportClause.name.text} from ${from}`]
  return exportClause.elements
    .map(element => `${isTypeOnly || element.isTypeOnly ? 'type ' : ''}${element.name.text}`)
    .sort()
}
