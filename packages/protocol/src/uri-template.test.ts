import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from './uri-template/compile.ts'
import { match } from './uri-template/match.ts'
import { parseTemplate, uriTemplateLimits } from './uri-template/parse.ts'
import { uriTemplate } from './uri-template.ts'

/** The variables of RFC 6570, sections 1.2 and 3.2. */
const values = {
  count: ['one', 'two', 'three'],
  dom: ['example', 'com'],
  dub: 'me/too',
  hello: 'Hello World!',
  half: '50%',
  var: 'value',
  who: 'fred',
  base: 'http://example.com/home/',
  path: '/foo/bar',
  list: ['red', 'green', 'blue'],
  v: '6',
  x: '1024',
  y: '768',
  empty: '',
  empty_keys: [],
}

/** Expansions of RFC 6570: levels 1 to 3, and of level 4 what concerns texts and lists. */
const expansions = {
  simple: [
    ['{var}', 'value'],
    ['{hello}', 'Hello%20World%21'],
    ['{half}', '50%25'],
    ['O{empty}X', 'OX'],
    ['O{undef}X', 'OX'],
    ['{x,y}', '1024,768'],
    ['{x,hello,y}', '1024,Hello%20World%21,768'],
    ['?{x,empty}', '?1024,'],
    ['?{x,undef}', '?1024'],
    ['?{undef,y}', '?768'],
    ['map?{x,y}', 'map?1024,768'],
    ['{var:3}', 'val'],
    ['{var:30}', 'value'],
    ['{list}', 'red,green,blue'],
    ['{list*}', 'red,green,blue'],
    ['{count}', 'one,two,three'],
  ],
  reserved: [
    ['{+var}', 'value'],
    ['{+hello}', 'Hello%20World!'],
    ['{+half}', '50%25'],
    ['{base}index', 'http%3A%2F%2Fexample.com%2Fhome%2Findex'],
    ['{+base}index', 'http://example.com/home/index'],
    ['O{+empty}X', 'OX'],
    ['O{+undef}X', 'OX'],
    ['{+path}/here', '/foo/bar/here'],
    ['here?ref={+path}', 'here?ref=/foo/bar'],
    ['up{+path}{var}/here', 'up/foo/barvalue/here'],
    ['{+x,hello,y}', '1024,Hello%20World!,768'],
    ['{+path,x}/here', '/foo/bar,1024/here'],
    ['{+path:6}/here', '/foo/b/here'],
    ['{+list}', 'red,green,blue'],
    ['{+list*}', 'red,green,blue'],
  ],
  fragment: [
    ['X{#var}', 'X#value'],
    ['{#hello}', '#Hello%20World!'],
    ['{#half}', '#50%25'],
    ['foo{#empty}', 'foo#'],
    ['foo{#undef}', 'foo'],
    ['{#x,hello,y}', '#1024,Hello%20World!,768'],
    ['{#path,x}/here', '#/foo/bar,1024/here'],
    ['{#path:6}/here', '#/foo/b/here'],
    ['{#list}', '#red,green,blue'],
    ['{#list*}', '#red,green,blue'],
  ],
  label: [
    ['{.who}', '.fred'],
    ['{.who,who}', '.fred.fred'],
    ['{.half,who}', '.50%25.fred'],
    ['www{.dom*}', 'www.example.com'],
    ['X{.var}', 'X.value'],
    ['X{.empty}', 'X.'],
    ['X{.undef}', 'X'],
    ['X{.x,y}', 'X.1024.768'],
    ['X{.var:3}', 'X.val'],
    ['X{.list}', 'X.red,green,blue'],
    ['X{.list*}', 'X.red.green.blue'],
    ['X{.empty_keys}', 'X'],
  ],
  path: [
    ['{/who}', '/fred'],
    ['{/who,who}', '/fred/fred'],
    ['{/half,who}', '/50%25/fred'],
    ['{/who,dub}', '/fred/me%2Ftoo'],
    ['{/var}', '/value'],
    ['{/var,empty}', '/value/'],
    ['{/var,undef}', '/value'],
    ['{/var,x}/here', '/value/1024/here'],
    ['{/var:1,var}', '/v/value'],
    ['{/list}', '/red,green,blue'],
    ['{/list*}', '/red/green/blue'],
    ['{/list*,path:4}', '/red/green/blue/%2Ffoo'],
  ],
  parameter: [
    ['{;who}', ';who=fred'],
    ['{;half}', ';half=50%25'],
    ['{;empty}', ';empty'],
    ['{;v,empty,who}', ';v=6;empty;who=fred'],
    ['{;v,bar,who}', ';v=6;who=fred'],
    ['{;x,y}', ';x=1024;y=768'],
    ['{;x,y,empty}', ';x=1024;y=768;empty'],
    ['{;x,y,undef}', ';x=1024;y=768'],
    ['{;hello:5}', ';hello=Hello'],
    ['{;list}', ';list=red,green,blue'],
    ['{;list*}', ';list=red;list=green;list=blue'],
  ],
  query: [
    ['{?who}', '?who=fred'],
    ['{?half}', '?half=50%25'],
    ['{?x,y}', '?x=1024&y=768'],
    ['{?x,y,empty}', '?x=1024&y=768&empty='],
    ['{?x,y,undef}', '?x=1024&y=768'],
    ['{?var:3}', '?var=val'],
    ['{?list}', '?list=red,green,blue'],
    ['{?list*}', '?list=red&list=green&list=blue'],
    ['{&who}', '&who=fred'],
    ['?fixed=yes{&x}', '?fixed=yes&x=1024'],
    ['{&x,y,empty}', '&x=1024&y=768&empty='],
    ['{&list*}', '&list=red&list=green&list=blue'],
  ],
} as const

type Row = readonly [template: string, uri: string]

describe.each<[string, readonly Row[]]>(Object.entries(expansions))('%s expansion', (_, rows) => {
  test.each(rows)('%s gives %s', (template, uri) => {
    expect(uriTemplate(template).expand(values)).toBe(uri)
  })

  test.each(rows)('%s could have given %s', (template, uri) => {
    expect(uriTemplate(template).match(uri)).toBeDefined()
  })
})

test('text that no URI can hold is encoded, and found either way', () => {
  const menu = uriTemplate('menu://café menu/{dish}')
  expect(menu.expand({ dish: 'crème' })).toBe('menu://caf%C3%A9%20menu/cr%C3%A8me')
  expect(menu.match('menu://caf%C3%A9%20menu/cr%C3%A8me')).toEqual({ dish: 'crème' })
  expect(menu.match('menu://café menu/crème')).toEqual({ dish: 'crème' })
})

test('half of a surrogate pair becomes the replacement character', () => {
  expect(uriTemplate('{a}{+a}').expand({ a: '\uD800' })).toBe('%EF%BF%BD%EF%BF%BD')
})

test('names are listed once, in the order of the template', () => {
  expect(uriTemplate('{b}/{a}{?b,user-id,a.c}').names).toEqual(['b', 'a', 'user-id', 'a.c'])
})

describe('the reading that is chosen', () => {
  test.each([
    ['file:///{+path}', 'file:///a/b.txt?x#y', { path: 'a/b.txt?x#y' }],
    ['{+folder}/{name}', '/a/b/c', { folder: '/a/b', name: 'c' }],
    ['{name}.{extension}', 'a.tar.gz', { name: 'a', extension: 'tar.gz' }],
    ['{x,y}', 'a', { x: 'a' }],
    ['{x,y}', 'a,b,c', { x: 'a', y: 'b,c' }],
    ['{/a}{/b}', '/1', { a: '1' }],
    ['{/path*}', '/a/b', { path: 'a/b' }],
    ['users/{id}', 'users/', { id: '' }],
    ['q{?a,b}', 'q?b=2&a=1', { a: '1', b: '2' }],
    ['q{?a,b}', 'q?b', { b: '' }],
    ['q{?tag*}', 'q?tag=x&tag=y', { tag: 'x,y' }],
    ['{x:1}/{x}', 'v/value', { x: 'value' }],
    ['{x}/{x:1}', 'value/v', { x: 'value' }],
    ['{x:3}', 'val', { x: 'val' }],
    ['{x}/{x}', 'a/a', { x: 'a' }],
    ['{a}C3{b}', '%C3%A9C3b', { a: 'é', b: 'b' }],
    ['{__proto__}', 'a', Object.fromEntries([['__proto__', 'a']])],
  ])('of %s in %s', (template, uri, expected) => {
    expect(uriTemplate(template).match(uri)).toEqual(expected)
  })
})

describe('what cannot have come from the template', () => {
  test.each([
    ['users/{id}', 'user/1'],
    ['users/{id}', 'users/1/2'],
    ['users/{id}', 'users/1?x=2'],
    ['{x}/{x}', 'a/b'],
    ['{x:1}/{x}', 'a/b'],
    ['{x:2}', 'abc'],
    ['q{?a}', 'q?b=1'],
    ['q{?a}', 'q?a=1&a=2'],
    ['{x}', '%zz'],
    ['{x}', '%C3'],
    ['a', 'ab'],
  ])('of %s: %s', (template, uri) => {
    expect(uriTemplate(template).match(uri)).toBeUndefined()
  })
})

describe('what is no template', () => {
  test.each([
    '{',
    'a}b',
    '{{a}}',
    '{}',
    '{?}',
    '{a b}',
    '{=a}',
    '{!a}',
    '{a:0}',
    '{a:10000}',
    '{a*:3}',
    '{.a..b}',
    '{%4}',
  ])('%s', template => {
    expect(() => uriTemplate(template)).toThrow(TypeError)
  })

  test('more than the limits allow', () => {
    expect(() => uriTemplate('a'.repeat(uriTemplateLimits.templateLength + 1))).toThrow(
      new TypeError('URI template is longer than 2048 characters'),
    )
    expect(() => uriTemplate('{a}'.repeat(uriTemplateLimits.variables + 1))).toThrow(
      new TypeError('URI template has more than 16 variables'),
    )
    expect(uriTemplate('{+a}').match('a'.repeat(uriTemplateLimits.uriLength + 1))).toBeUndefined()
  })
})

/** Any text that has no percent-encoded octet of its own, since a reserved expansion would leave that as it is. */
const value = fc.string({ unit: 'binary', maxLength: 12 }).filter(text => !/%[0-9A-Fa-f]{2}/.test(text))

/** Pieces that cannot run into each other: each begins with a character that the values before it never hold. */
const piece = fc.constantFrom('/fixed', '/{V}', '{/V}', '/v{;V}', '/a.b-{V}')
const ending = fc.constantFrom('', '{?V}', '{?V,W}', '?fixed=1{&V}', '{#V}', '/{+V}', '{?V}{#W}')

test('a template without ambiguity gives back the values that it was expanded with', () => {
  const template = fc.tuple(fc.array(piece, { maxLength: 5 }), ending).map(([pieces, end]) => {
    let count = 0
    return `x://host${pieces.join('')}${end}`.replace(/\b[VW]\b/g, () => `v${count++}`)
  })
  fc.assert(
    fc.property(template, fc.array(value, { minLength: 10, maxLength: 10 }), (text, list) => {
      const parsed = uriTemplate(text)
      const given = Object.fromEntries(parsed.names.map((name, index) => [name, list[index] ?? '']))
      expect(parsed.match(parsed.expand(given))).toEqual(given)
    }),
  )
})

test('every expansion of every template is recognised', () => {
  const operator = fc.constantFrom('', '+', '#', '.', '/', ';', '?', '&')
  const names = fc.uniqueArray(fc.constantFrom('a', 'ab', 'b', 'c'), { minLength: 1, maxLength: 3 })
  const part = fc.oneof(
    fc.constantFrom('a', 'C3', '/', ',', '=', '?', 'é'),
    fc.tuple(operator, names).map(([sign, list]) => `{${sign}${list.join(',')}}`),
  )
  // Every expression has variables of its own: two places of one variable need not be read alike.
  const template = fc
    .array(part, { maxLength: 6 })
    .map(parts => parts.map((text, index) => text.replace(/[abc]+(?=[,}])/g, name => `${name}${index}`)).join(''))
  const given = fc.dictionary(fc.stringMatching(/^(a|ab|b|c)[0-5]$/), value)
  fc.assert(
    fc.property(template, given, (text, some) => {
      const parsed = uriTemplate(text)
      expect(parsed.match(parsed.expand(some))).toBeDefined()
    }),
  )
})

describe('the work of matching is bounded by the variables times the characters', () => {
  const perVariable = 14
  test.each([
    ['lists that run into each other', '{+a,b,c,d,e,f,g,h}', ','],
    ['adjacent values', '{+a}{+b}{+c}{+d}{+e}{+f}{+g}{+h}', 'a'],
    ['values between equal texts', '{+a}a{+b}a{+c}a{+d}a{+e}a{+f}a{+g}a{+h}', 'a'],
    ['queries in any order', '{?a,b,c,d}{&e,f,g,h}', '?a=&b=&a=&b='],
    ['lists of one variable', '{/a*}{/b*}{/c*}{/d*}{/e*}{/f*}{/g*}{/h*}', '/'],
  ])('%s', (_, template, unit) => {
    const program = compile(parseTemplate(template))
    const work = (length: number): number => match(program, `${unit.repeat(length / unit.length)}%`).work
    expect(work(8000)).toBeLessThanOrEqual(8 * perVariable * 8002)
    expect(work(8000) / work(2000)).toBeLessThan(4.1)
  })
})
