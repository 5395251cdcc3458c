import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { Failure, root, runAsScript, toolPath } from './workspace.js'

const WIRE = join(root, 'protocol/wire')
const GENERATED = join(root, 'protocol/src/generated')

/** Makes the JavaScript of the wire from its sources. Needs Debian's protobuf-compiler. */
await runAsScript(import.meta.url, () => {
  mkdirSync(GENERATED, { recursive: true })
  const sources = readdirSync(WIRE).filter((name) => name.endsWith('.proto'))
  const protoc = spawnSync(
    'protoc',
    [
      `--plugin=protoc-gen-es=${toolPath('@bufbuild/protoc-gen-es/bin/protoc-gen-es')}`,
      `--es_out=${GENERATED}`,
      '--es_opt=target=js+dts,import_extension=js',
      `--proto_path=${WIRE}`,
      ...sources,
    ],
    { cwd: root, stdio: 'inherit' },
  )
  if (protoc.error?.code === 'ENOENT') {
    throw new Failure('protoc is not installed: apt-get install protobuf-compiler')
  }
  if (protoc.status !== 0) throw new Failure('protoc: see above')
})
