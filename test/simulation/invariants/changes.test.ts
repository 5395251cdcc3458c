import { messageIdFromBytes } from '@sotto/protocol'
import { breaks } from './breaks.js'
import { changesConverge } from './changes.js'
import { alice, bob, id, sending } from './made-history.js'

const MESSAGE = messageIdFromBytes(id(9))
const changeable = {
  ...sending,
  ...{ message: MESSAGE, wish: { text: 'anew', isGranted: true } },
}
const shows = (other: string, more: object) => ({
  conversations: new Map([[other, [{ message: { id: MESSAGE, text: 'anew', ...more } }]]]),
})
const reaction = { emoji: '👍', sender: { id: bob.account } }

breaks(changesConverge, {
  'an edit that only its author sees': {
    changeables: [changeable],
    findings: [
      { ...alice, ...shows('bob', {}) },
      { ...bob, ...shows('alice', { text: 'before' }) },
    ],
  },
  'an edit that was granted and is not there': {
    changeables: [changeable],
    findings: [{ ...alice, ...shows('bob', { text: 'before' }) }, bob],
  },
  'a delete that was granted and is not there': {
    changeables: [{ ...changeable, wish: { text: null, isGranted: true } }],
    findings: [{ ...alice, ...shows('bob', {}) }, bob],
  },
  'a deleted message that has a text': {
    changeables: [changeable],
    findings: [{ ...alice, ...shows('bob', { deleted: true }) }, bob],
  },
  'a reaction that only one side sees': {
    changeables: [changeable],
    findings: [
      { ...alice, ...shows('bob', {}) },
      { ...bob, ...shows('alice', { reactions: [reaction] }) },
    ],
  },
})
