import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Source } from '../load.ts'

/** The verdict of an independent validator on the published schema, definition by definition. */
export function ajvChecks({ dialect, definitions }: Source): (definition: string, value: unknown) => boolean {
  const options = { strict: false, strictNumbers: true, validateFormats: false }
  const ajv = dialect.includes('2020-12') ? new Ajv2020(options) : new Ajv(options)
  ajv.addSchema({ $id: 'specification', definitions, $defs: definitions })
  return (definition, value) => {
    const validate = ajv.getSchema(`specification#/$defs/${definition}`)
    if (!validate) throw new Error(`the schema has no definition "${definition}"`)
    return validate(value) === true
  }
}
