import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const GENERATED = /[\\/]protocol[\\/]src[\\/]generated[\\/](\w+)_pb\.js$/
const FILE_DESC = /\bfileDesc\("[^"]*"(, \[[^\]]*\])?\)/
const OTHER_IMPORTS =
  /^import \{ ([^}]*)\bfileDesc, ([^}]*)\} from "@bufbuild\/protobuf\/codegenv2";$/m

/**
 * An esbuild plugin: the generated schemas carry their descriptors as objects. As they are
 * generated they carry bytes, and parsing those, for which the library first builds the schema of
 * schemas, takes a cold command longer than everything it then says on the wire.
 */
export const parsedDescriptors = {
  name: 'parsed-descriptors',
  setup(build) {
    build.onLoad({ filter: GENERATED }, async ({ path }) => ({
      contents: await withParsed(readFileSync(path, 'utf8'), path),
      loader: 'js',
    }))
  },
}

async function withParsed(text, path) {
  const [, stem] = GENERATED.exec(path)
  const { [`file_${stem}`]: file } = await import(pathToFileURL(path).href)
  if (!FILE_DESC.test(text) || !OTHER_IMPORTS.test(text) || file === undefined) {
    throw new Error(`${path} is generated in another way now`)
  }
  const defaults = new Defaults()
  const descriptor = literalOf(file.proto, defaults)
  return text
    .replace(
      OTHER_IMPORTS,
      'import { $1$2} from "@bufbuild/protobuf/codegenv2";' +
        'import { createFileRegistry } from "@bufbuild/protobuf";',
    )
    .replace(
      FILE_DESC,
      (_, imports = '') => `(() => {
  ${defaults.declarations()}
  const root = ${descriptor};
  const imports = ${imports.replace(/^, /, '') || '[]'};
  const find = (name) => imports.find((file) => file.proto.name === name);
  return createFileRegistry(root, find).getFile(root.name);
})()`,
    )
}

/** What a message says when nothing was said, by its type: the prototypes of the library's messages. */
class Defaults {
  #names = new Map()

  nameOf(message) {
    const prototype = literalOf(Object.getPrototypeOf(message), this)
    const known = this.#names.get(prototype)
    if (known !== undefined) return known
    const name = `defaults${this.#names.size}`
    this.#names.set(prototype, name)
    return name
  }

  declarations() {
    return [...this.#names].map(([literal, name]) => `const ${name} = ${literal};`).join('\n  ')
  }
}

function literalOf(value, defaults) {
  if (Array.isArray(value)) return `[${value.map((each) => literalOf(each, defaults)).join(',')}]`
  if (typeof value !== 'object' || value === null) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw new Error(`a descriptor holds a ${typeof value}`)
    }
    return JSON.stringify(value)
  }
  if (ArrayBuffer.isView(value)) throw new Error('a descriptor holds bytes')
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `${JSON.stringify(key)}:${literalOf(each, defaults)}`)
  if ('$typeName' in value && Object.hasOwn(value, '$typeName')) {
    members.unshift(`__proto__:${defaults.nameOf(value)}`)
  }
  return `{${members.join(',')}}`
}
