import { join } from 'node:path'

import {
  isolatedEnvironment,
  ROOT,
  startSotto,
  type Environment,
  type Person,
  type Scope,
} from '../../harness/index.js'
import { ProgramProcess } from '../../harness/program-process.js'

/** Somebody's `receive --follow`, once it owns the account and answers. Prints what `types` names. */
export async function follow(scope: Scope, { home }: Person, types: string, env: Environment = {}) {
  const args = ['receive', '--follow', '--json', '--type', `backlog.done,${types}`]
  const following = startSotto(scope, home, args, { env })
  await following.json<{ type: string }>(({ type }) => type === 'backlog.done')
  return following
}

/** A process that owns somebody's account and receives nothing in their name. */
export async function own(scope: Scope, { home }: Person): Promise<ProgramProcess> {
  const owner = new ProgramProcess(scope, {
    program: join(ROOT, 'test/out/harness/owner.js'),
    args: [home],
    env: isolatedEnvironment(home),
  })
  await owner.line((line) => line === 'owns')
  return owner
}
