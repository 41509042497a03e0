import type { Figures } from '../../bench/figures.ts'
import { goalsTable } from '../../bench/goals.ts'
import { markdown } from '../../bench/table.ts'

/** Where figures go: between `<!-- figures: name -->` and `<!-- end -->`, each on a line of its own. */
const place = /<!-- figures: ([^>]+) -->\n[^]*?<!-- end -->/g

/** The page with the figures that were measured last in their places. */
export function withFigures(page: string, figures: Figures): string {
  return page.replace(
    place,
    (_, name: string) => `<!-- figures: ${name} -->\n\n${shown(name, figures)}\n\n<!-- end -->`,
  )
}

/** Tables that the page has no place for. */
export function homeless(page: string, { tables }: Figures): string[] {
  const places = [...page.matchAll(place)].map(([, name = '']) => name)
  return tables.map(({ name }) => name).filter(name => !places.some(own => belongs(name, own)))
}

/** A place is for the table of its name, and for all whose names begin with it. */
const belongs = (table: string, own: string): boolean => table === own || table.startsWith(`${own} `)

/** @throws {Error} for a place whose tables were never measured */
function shown(name: string, figures: Figures): string {
  if (name === 'goals') return markdown(goalsTable(figures))
  if (name === 'machines') return [...new Set(figures.tables.map(({ machine }) => machine))].join('; ')
  const tables = figures.tables.filter(kept => belongs(kept.name, name))
  if (tables.length === 0) throw new Error(`bench/figures.json has no table "${name}"`)
  return tables.map(table => `### ${table.title}\n\n${markdown(table)}`).join('\n\n')
}
