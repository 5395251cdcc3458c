/** What a scanner has to know of a language to tell comments, strings, numbers and keywords apart. */
export interface Language {
  readonly lineComments: readonly string[]
  readonly blockComments: readonly (readonly [string, string])[]
  /** Quotes of strings that end with their line. */
  readonly quotes: string
  /** Strings over several lines. */
  readonly longStrings: readonly (readonly [string, string])[]
  readonly keywords: ReadonlySet<string>
  /** Keywords in any case. */
  readonly isCaseless?: true
}

const C_COMMENTS: Pick<Language, 'lineComments' | 'blockComments'> = {
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
}
const HASH_COMMENTS: Pick<Language, 'lineComments' | 'blockComments'> = {
  lineComments: ['#'],
  blockComments: [],
}

const JAVASCRIPT: Language = {
  ...{ ...C_COMMENTS, quotes: `'"`, longStrings: [['`', '`']] },
  keywords: words(
    'abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace never new null number object of override private protected public readonly return satisfies set static string super switch this throw true try type typeof undefined unknown var void while with yield',
  ),
}
const C_LIKE: Language = {
  ...{ ...C_COMMENTS, quotes: `'"`, longStrings: [] },
  keywords: words(
    'abstract and auto bool boolean break byte case catch char class companion const constexpr continue data def default delegate delete do double else enum explicit extends extension extern false final finally float for foreach friend fun func goto guard if implements import in include inline instanceof int interface internal is let lock long mutable namespace new nil null nullptr object open operator out override package params private protected protocol public readonly record return sealed self short signed sizeof static string struct super suspend switch template this throw throws trait true try typedef typename union unsigned using val var virtual void volatile when where while yield',
  ),
}
const RUST: Language = {
  ...{ ...C_COMMENTS, quotes: '"', longStrings: [] },
  keywords: words(
    'as async await bool break char const continue crate dyn else enum extern f32 f64 false fn for i128 i16 i32 i64 i8 if impl in isize let loop match mod move mut pub ref return self Self static str struct super trait true type u128 u16 u32 u64 u8 union unsafe use usize where while',
  ),
}
const GO: Language = {
  ...{ ...C_COMMENTS, quotes: `'"`, longStrings: [['`', '`']] },
  keywords: words(
    'any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if import int int64 interface iota map nil package range return rune select string struct switch true type uint uint64 var',
  ),
}
const PYTHON: Language = {
  ...{ ...HASH_COMMENTS, quotes: `'"` },
  longStrings: [
    ['"""', '"""'],
    ["'''", "'''"],
  ],
  keywords: words(
    'and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield',
  ),
}
const RUBY: Language = {
  ...{ ...HASH_COMMENTS, quotes: `'"`, longStrings: [] },
  keywords: words(
    'alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or raise redo require rescue retry return self super then true undef unless until when while yield',
  ),
}
const SHELL: Language = {
  ...{ ...HASH_COMMENTS, quotes: `'"`, longStrings: [] },
  keywords: words(
    'case cd do done echo elif else esac eval exec exit export fi for function if in local readonly return set shift source sudo then trap unset until while',
  ),
}
const SQL: Language = {
  ...{ lineComments: ['--'], blockComments: [['/*', '*/']], quotes: `'"`, longStrings: [] },
  keywords: words(
    'add all alter and as asc begin between by case check column commit constraint create cross default delete desc distinct drop else end exists foreign from full group having in index inner insert integer into is join key left like limit not null offset on or order outer primary references returning right rollback select set table text then union unique update using values view when where with',
  ),
  isCaseless: true,
}
const SETTINGS: Language = {
  ...{ lineComments: ['#', ';'], blockComments: [], quotes: `'"`, longStrings: [] },
  keywords: words('true false null yes no on off'),
}
const MARKUP: Language = {
  ...{ lineComments: [], blockComments: [['<!--', '-->']], quotes: `'"`, longStrings: [] },
  keywords: words(''),
}

const LANGUAGES: readonly (readonly [string, Language])[] = [
  ['js jsx ts tsx mjs cjs mts cts javascript typescript json jsonc json5', JAVASCRIPT],
  [
    'c h cc cpp c++ hpp java kotlin kt scala swift cs csharp c# php dart objc proto css scss',
    C_LIKE,
  ],
  ['rust rs', RUST],
  ['go golang', GO],
  ['python py', PYTHON],
  ['ruby rb', RUBY],
  ['sh bash zsh shell console fish dockerfile make makefile', SHELL],
  ['sql sqlite postgres postgresql mysql', SQL],
  ['yaml yml toml ini conf properties env', SETTINGS],
  ['html xml svg vue', MARKUP],
]
const BY_NAME = new Map(
  LANGUAGES.flatMap(([names, language]) =>
    names.split(' ').map((name) => [name, language] as const),
  ),
)

/** By what stands behind the fence, as in `ts`; undefined for one that is not known. */
export function languageNamed(name: string): Language | undefined {
  return BY_NAME.get(name.toLowerCase())
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}
