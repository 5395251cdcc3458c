import type { Mutation } from './mutation.js'

const OUT = 'client-core/out/src'

export const CLIENT_MUTATIONS: readonly Mutation[] = [
  {
    name: 'acknowledge before the commit',
    file: `${OUT}/inbox/receive.js`,
    find: '    const nowMs = core.ports.clock.nowMs();',
    replace: '    last.acknowledge();\n    const nowMs = core.ports.clock.nowMs();',
    why: 'a crash in between loses what the relay has forgotten',
  },
  {
    name: 'an opened ratchet is committed before its message',
    file: `${OUT}/inbox/receive.js`,
    find: '    core.store.transact((tx) => {\n        stage.commit(tx, nowMs);',
    replace:
      '    core.store.transact((tx) => stage.commit(tx, nowMs));\n    core.store.transact((tx) => {',
    why: 'a crash in between makes what comes again a duplicate that nobody ever read',
  },
  {
    name: 'sealed bytes are committed before their ratchet',
    file: `${OUT}/outbox/seal-pending.js`,
    find: '    core.store.transact((tx) => {\n        sealed.write(tx, row.row);',
    replace:
      '    core.store.transact((tx) => tx.outbox.saveEnvelopes(row.row, sealed.envelopes));\n    core.store.transact((tx) => {\n        sealed.write(tx, row.row);',
    why: 'a crash in between uses a message key twice',
  },
  {
    name: 'bots are told before the commit',
    file: `${OUT}/store/store.js`,
    find: 'this.#whole(() => body(tx))',
    replace:
      'this.#whole(() => { const done = body(tx); if (seqs.length > 0) this.#onJournal(seqs); return done; })',
    why: 'a bot acts upon what is never on disk',
  },
  {
    name: 'a retry goes under a fresh key',
    file: `${OUT}/session/wrap.js`,
    find: 'hkdf(IDEMPOTENCY_KEY_BYTES, envelope.secret,',
    replace:
      'hkdf(IDEMPOTENCY_KEY_BYTES, Uint8Array.from({ length: 32 }, () => Math.floor(Math.random() * 256)),',
    why: 'whatever is tried again is delivered twice',
  },
  {
    name: 'a held request gets a receipt',
    file: `${OUT}/inbox/apply.js`,
    find: '        hold(tx, core, { message, first });',
    replace:
      "    {\n        hold(tx, core, { message, first });\n        tx.outbox.addReceiptDue({ recipient: message.author, type: 'delivered', message: message.id, dueMs: 0 });\n    }",
    why: 'a stranger learns that somebody is there',
  },
  {
    name: 'a status may go back',
    file: `${OUT}/store/tables/messages.js`,
    find: 'return PROGRESS[to] > PROGRESS[from];',
    replace: 'return PROGRESS[to] !== PROGRESS[from];',
    why: 'what was read is shown as accepted',
  },
  {
    name: 'accepted before the answer',
    file: `${OUT}/outbox/submit-sealed.js`,
    find: "    assert(sealed.state === 'sealed', 'what is submitted is on disk');",
    replace:
      "    core.store.transact((tx) => { if (sealed.message !== null && tx.messages.advance(core.own.account, sealed.message, 'accepted')) tx.record({ type: 'message.status', account: sealed.recipient, message: sealed.message, detail: { status: 'accepted' } }); });",
    why: 'accepted means nothing',
  },
  {
    name: 'what would not open is dropped',
    file: `${OUT}/inbox/commit.js`,
    find: '            quarantine(tx, core, delivered, opened);',
    replace: '            return;',
    why: 'loss is silent',
  },
  {
    name: 'a permit stays in stock when an errand takes it',
    file: `${OUT}/store/tables/permits.js`,
    find: "        this.sql.run('UPDATE permit SET target = ? WHERE permit = ?', [target, permit]);",
    replace: '',
    why: 'it is spent twice, and the second errand is known to be of who ran the first',
  },
  {
    name: 'a certificate ends by the local clock',
    file: `${OUT}/connection.js`,
    find: 'stored.expiresMs - core.relayNowMs() > CERTIFICATE_MARGIN_MS',
    replace: 'stored.expiresMs - core.ports.clock.nowMs() > CERTIFICATE_MARGIN_MS',
    why: 'a clock that is behind seals what nobody opens',
  },
  {
    name: 'one-time prekeys outlive a restore',
    file: `${OUT}/account/relay-restored.js`,
    find: '    tx.prekeys.removeOneTime();',
    replace: '',
    why: 'a key that was handed out twice opens what is sealed with it',
  },
  {
    name: 'nobody looks at the outbox after a batch',
    file: `${OUT}/inbox/receive.js`,
    find: '        this.#committed(wentBack);',
    replace: '',
    why: 'what was asked for again waits for something else to happen',
    // Two who write to each other at once, and a relay put back: rare, for most of what cannot be opened then was
    // submitted again already, and whoever submits looks at the outbox.
    shownBy: 'a-message-that-was-asked-for-again-goes-at-once-although-nobody-is-told-of-anything',
  },
  {
    name: 'that somebody types is sealed and its ratchet forgotten',
    file: `${OUT}/typing/telling.js`,
    find: '        core.store.transact((tx) => stage.commit(tx, nowMs));',
    replace: '',
    why: 'the next message goes under a key that was used, and is lost where the first was opened',
  },
  {
    name: 'nothing is submitted again after a restore',
    file: `${OUT}/account/relay-restored.js`,
    find: '    submitAgain(tx, core);',
    replace: '',
    why: 'what a relay lost with its disk is lost for good, though its author has it',
  },
  {
    name: 'held texts are told by the relay’s clock',
    file: `${OUT}/store/tables/messages.js`,
    find: 'AND held = 1 ORDER BY row',
    replace: 'AND held = 1 ORDER BY arrival_ms, id',
    why: 'a request is told out of order',
  },
  {
    name: 'a send forgets its id',
    file: `${OUT}/outbox/send.js`,
    find: '        tx.outbox.rememberSend(request.id, remembered, core.ports.clock.nowMs());',
    replace: '',
    why: 'repeating a send sends it twice',
  },
  {
    name: 'the access key is the username',
    file: `${OUT}/account/generate.js`,
    find: '        accessKey: ports.random.bytes(ACCESS_KEY_BYTES),',
    replace:
      '        accessKey: new Uint8Array(Buffer.from(wanted.username.padEnd(ACCESS_KEY_BYTES))),',
    why: 'the relay holds usernames in plain',
  },
]
