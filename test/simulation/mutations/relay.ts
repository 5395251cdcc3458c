import type { Mutation } from './mutation.js'

const OUT = 'relay/out/src'

export const RELAY_MUTATIONS: readonly Mutation[] = [
  {
    name: 'idempotency keys are not looked at',
    file: `${OUT}/store/sqlite/mailbox-changes.js`,
    find: '        if (known !== undefined) {',
    replace: '        if (false) {',
    why: 'whatever is tried again is stored twice',
  },
  {
    name: 'idempotency keys are forgotten with their envelopes',
    file: `${OUT}/store/sqlite/sqlite-store.js`,
    find: "            case 'acknowledge':\n",
    replace:
      "            case 'acknowledge':\n                this.#database.exec('DELETE FROM idempotency_log');\n                this.#keys.rolledBack();\n",
    why: 'what is tried again after it was fetched is stored twice',
  },
  {
    name: 'idempotency keys are in memory only',
    file: `${OUT}/store/sqlite/idempotency-keys.js`,
    find: 'new Map(this.#sql.log.all().flatMap(decode))',
    replace: 'new Map()',
    why: 'what is tried again after the relay began anew is stored twice',
  },
  {
    name: 'a prekey stays in stock when it is handed out',
    file: `${OUT}/store/sqlite/prekey-changes.js`,
    find: 'AND kind = ? AND id = ?',
    replace: 'AND kind = ? AND id < ?',
    why: 'the second to use it is not understood',
  },
  {
    name: 'a permit is good for as many submissions as anybody likes',
    file: `${OUT}/store/sqlite/permit-changes.js`,
    find: "return known.length < submissionsMax * REQUEST_HASH_BYTES ? 'more' : 'refused'",
    replace: "return 'more'",
    why: 'a stranger writes without end',
  },
  {
    name: 'the last resort is handed out first',
    file: `${OUT}/store/sqlite/prekey-changes.js`,
    find: 'lastResortOnly ? undefined : this.#takeOneTime(owner, row, ONE_TIME_KYBER)',
    replace: 'undefined',
    why: 'first messages lose forward secrecy',
  },
  {
    name: 'one-time prekeys of a backup go out',
    file: `${OUT}/store/sqlite/sqlite-store.js`,
    find: '        this.#prekeys.voidOneTime();',
    replace: '',
    why: 'the second to use one that went out since the backup is not understood',
  },
  {
    name: 'a failed commit is answered as stored',
    file: `${OUT}/store/group-commit.js`,
    find: "                pending.reject(unavailable('the store failed', cause));",
    replace: "                pending.resolve({ kind: 'stored', arrivalMs: 1, placed: [] });",
    why: 'an envelope that the disk did not take is lost',
  },
  {
    name: 'what nobody acknowledged is deleted for what comes',
    file: `${OUT}/store/sqlite/mailbox-changes.js`,
    find: '        row.head = seq;',
    replace: '        row.head = seq;\n        this.#sql.deleteUpTo.run([mailbox, seq - 3]);',
    why: 'an envelope that was never fetched is lost',
  },
  {
    name: 'an empty mailbox counts from 1 again',
    file: `${OUT}/store/sqlite/mailbox-changes.js`,
    find: '        const seq = row.head + 1;',
    replace:
      '        if (row.envelopes === 0) row.head = row.acknowledged = 0;\n        const seq = row.head + 1;',
    why: 'a client that was there before takes what comes for what it knows',
  },
  {
    name: 'a restored relay goes on in the same epoch',
    file: `${OUT}/relay.js`,
    find: '    if (options.restored === true)',
    replace: '    if (false)',
    why: 'a client takes what comes for what it knows',
  },
  {
    name: 'an epoch is counted from the backup’s',
    file: `${OUT}/relay.js`,
    find: 'atLeast: epochAt(clock.nowMs(), random)',
    replace: 'atLeast: 0',
    why: 'the same backup put back twice begins the same epoch twice',
  },
  {
    name: 'nobody is refused otherwise than somebody',
    file: `${OUT}/mailbox/leave.js`,
    find: '    return refuse(REFUSED);',
    replace: '    return refuse(found === undefined ? rateLimited(1) : REFUSED);',
    why: 'anybody can ask who has an account',
  },
  {
    name: 'what is delivered is forgotten at once',
    file: `${OUT}/socket/delivery.js`,
    find: '        this.#connection.send(waitingFrame(waiting));',
    replace:
      '        this.#connection.send(waitingFrame(waiting));\n        this.#acknowledgedSeq = waiting.seq;\n        void this.#forget();',
    why: 'a crash of the client loses what it was just given',
  },
  {
    name: 'a full mailbox drops without a word',
    file: `${OUT}/store/sqlite/mailbox-changes.js`,
    find: "                this.#lose(row, 'quota', arrivalMs);",
    replace: '                void arrivalMs;',
    why: 'loss is silent',
  },
  {
    name: 'the newest is delivered first',
    file: `${OUT}/store/sqlite/sqlite-store.js`,
    find: 'WHERE mailbox = ? AND seq > ? ORDER BY seq LIMIT ?',
    replace: 'WHERE mailbox = ? AND seq > ? ORDER BY seq DESC LIMIT ?',
    why: 'messages come out of order, or not at all',
  },
]
