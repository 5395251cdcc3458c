import { test } from 'tap'
import { encode } from 'uqr'
import { COLOR, PLAIN } from '../src/text/paint.js'
import { renderQr } from '../src/text/qr.js'

const TEXT = 'sotto://relay.example/invite#AQID'

/** Which modules are light, as a camera would see them on a dark screen. */
function lightIn(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => [
    Array.from(line, (shown) => shown === '█' || shown === '▀'),
    Array.from(line, (shown) => shown === '█' || shown === '▄'),
  ])
}

test('a code shows every module, light where it is light, with four light ones around it', async (t) => {
  const lines = (await renderQr(TEXT, { columns: 80, paint: PLAIN })) ?? []
  const wanted = encode(TEXT, { ecc: 'L', border: 4 }).data.map((row) => row.map((dark) => !dark))
  t.same(lightIn(lines).slice(0, wanted.length), wanted)
  t.match(lines.slice(0, 2), [/^█+$/, /^█+$/])
})

test('bytes are coded as they are', async (t) => {
  const bytes = Uint8Array.of(0, 255, 10, 27)
  const lines = (await renderQr(bytes, { columns: 80, paint: PLAIN })) ?? []
  const wanted = encode([...bytes], { ecc: 'L', border: 4 }).data
  t.equal(lightIn(lines)[10]?.length, wanted.length)
})

test('with colours a code is white on black on any terminal', async (t) => {
  const [line] = (await renderQr(TEXT, { columns: 80, paint: COLOR })) ?? []
  t.match(line, /^\u001b\[97;40m█+\u001b\[39;49m$/)
})

test('a terminal that is too narrow gets no code rather than a broken one', async (t) => {
  const width = (await renderQr(TEXT, { columns: 80, paint: PLAIN }))?.[0]?.length ?? 0
  t.equal((await renderQr(TEXT, { columns: width, paint: PLAIN }))?.length, (width + 1) / 2)
  t.equal(await renderQr(TEXT, { columns: width - 1, paint: PLAIN }), undefined)
})

test('what no code can hold gets none', async (t) => {
  t.equal(await renderQr('x'.repeat(3000), { columns: 1000, paint: PLAIN }), undefined)
})
