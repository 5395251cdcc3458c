import { test } from 'tap'
import { Lane } from '../../src/session/lane.js'

/** Work that says when it begins and when it ends. */
function noting(told: string[], name: string) {
  return async (): Promise<string> => {
    told.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    told.push(`${name} ends`)
    return name
  }
}

test('one piece of work runs at a time, in the order in which they came', async (t) => {
  const [lane, told] = [new Lane(), [] as string[]]
  const results = Promise.all([lane.run(noting(told, 'one')), lane.run(noting(told, 'two'))])
  t.same(await results, ['one', 'two'])
  t.same(told, ['one begins', 'one ends', 'two begins', 'two ends'])
})

test('work that fails tells its caller and holds up nobody', async (t) => {
  const lane = new Lane()
  const failing = lane.run(() => Promise.reject(new Error('no')))
  const next = lane.run(() => Promise.resolve('yes'))
  await t.rejects(failing, { message: 'no' })
  t.equal(await next, 'yes')
})

test('the lane is idle when everything that entered has ended', async (t) => {
  const [lane, told] = [new Lane(), [] as string[]]
  void lane.run(noting(told, 'one'))
  await lane.idle()
  t.same(told, ['one begins', 'one ends'])
})
