import { makePair, startRelay, succeed, type Person, type Scope } from '../harness/index.js'

/** Two contacts who have written to each other, so that a send needs no prekeys. */
export async function acquainted(
  scope: Scope,
  dir: string,
): Promise<{ readonly alice: Person; readonly bob: Person }> {
  const relay = await startRelay(scope, { dir })
  const { alice, bob } = await makePair(relay, dir)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hello']))
  await succeed(alice.run(['receive']))
  return { alice, bob }
}
