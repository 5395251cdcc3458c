import type { EmojiClass } from './graphemes.js'

/** Pictures of people and hands, as chats name them: what a skin tone is often on. */
const TONED: Readonly<Record<string, string>> = {
  ...{ '👋': 'wave', '🤚': 'raised_back_of_hand', '🖐': 'hand_splayed', '✋': 'raised_hand' },
  ...{ '🖖': 'vulcan', '👌': 'ok_hand', '🤌': 'pinched_fingers', '🤏': 'pinching_hand' },
  ...{ '✌': 'victory', '🤞': 'crossed_fingers', '🫰': 'snap', '🤟': 'love_you', '🤘': 'metal' },
  ...{ '🤙': 'call_me', '👈': 'point_left', '👉': 'point_right', '👆': 'point_up' },
  ...{ '👇': 'point_down', '☝': 'point_up_2', '🫵': 'point_at_you', '👍': 'thumbsup' },
  ...{ '👎': 'thumbsdown', '✊': 'fist', '👊': 'punch', '🤛': 'left_fist', '🤜': 'right_fist' },
  ...{ '👏': 'clap', '🙌': 'raised_hands', '🫶': 'heart_hands', '👐': 'open_hands' },
  ...{ '🤲': 'palms_up', '🤝': 'handshake', '🙏': 'pray', '✍': 'writing', '💅': 'nails' },
  ...{ '🤳': 'selfie', '💪': 'muscle', '👂': 'ear', '👃': 'nose', '👶': 'baby', '👦': 'boy' },
  ...{ '👧': 'girl', '🧑': 'person', '👨': 'man', '👩': 'woman', '🧓': 'older', '👴': 'old_man' },
  ...{ '👵': 'old_woman', '🙅': 'no_gesture', '🙆': 'ok_gesture', '💁': 'tipping_hand' },
  ...{ '🙋': 'raising_hand', '🙇': 'bow', '🤦': 'facepalm', '🤷': 'shrug', '💃': 'dancer' },
  ...{ '🕺': 'man_dancing', '🏃': 'running', '🚶': 'walking', '🎅': 'santa', '👼': 'angel' },
}

const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿']

/** Joined pictures that lose their sense when they are taken apart. */
const JOINED: Readonly<Record<string, string>> = {
  ...{ '🏳🌈': 'rainbow_flag', '🏳⚧': 'transgender_flag', '🏴☠': 'pirate_flag' },
  ...{ '❤🔥': 'heart_on_fire', '❤🩹': 'mending_heart', '👁🗨': 'eye_in_bubble' },
  ...{ '🐻❄': 'polar_bear', '🐕🦺': 'service_dog', '🐈⬛': 'black_cat', '🐦⬛': 'black_bird' },
  ...{ '😮💨': 'exhaling', '😵💫': 'dizzy', '😶🌫': 'in_clouds', '🐦🔥': 'phoenix' },
  ...{ '👨👩👦': 'family', '👨👩👧': 'family', '👩👩👧': 'family', '👨👨👧': 'family' },
  ...{ '👨👩👧👦': 'family', '👨👩👦👦': 'family', '👨👩👧👧': 'family' },
  ...{ '👩❤👨': 'couple', '👩❤👩': 'couple', '👨❤👨': 'couple', '🧑🤝🧑': 'holding_hands' },
}

/** What stands for a sex or a trade behind a person. */
const ROLES: Readonly<Record<string, string>> = {
  ...{ '💻': 'technologist', '🎓': 'student', '🏫': 'teacher', '⚖': 'judge', '🌾': 'farmer' },
  ...{ '🍳': 'cook', '🔧': 'mechanic', '🏭': 'factory_worker', '💼': 'office_worker' },
  ...{ '🔬': 'scientist', '🎤': 'singer', '🎨': 'artist', '✈': 'pilot', '🚀': 'astronaut' },
  ...{ '🚒': 'firefighter', '⚕': 'health_worker', '♂': 'man', '♀': 'woman' },
}

/**
 * An emoji that a terminal does not draw as wide as it counts, in characters of agreed width: its
 * name where a chat has one, else its parts one after another, else the style of text.
 */
export function emojiFallback(grapheme: string, emoji: EmojiClass): string {
  switch (emoji) {
    case 'vs16':
      return grapheme.replaceAll('\ufe0f', '')
    case 'keycap':
      return `[${grapheme.slice(0, 1)}]`
    case 'flag':
      return `:flag-${countryOf(grapheme)}:`
    case 'skinTone':
      return toned(grapheme)
    case 'zwj':
      return joined(grapheme)
  }
}

function countryOf(flag: string): string {
  return Array.from(flag)
    .slice(0, 2)
    .map((indicator) => String.fromCodePoint((indicator.codePointAt(0) ?? 0) - 0x1f1e6 + 0x61))
    .join('')
}

function toned(grapheme: string): string {
  const [base = '', ...rest] = Array.from(grapheme)
  const tone = rest.map((character) => TONES.indexOf(character)).find((index) => index >= 0)
  const name = TONED[base]
  return name === undefined || tone === undefined ? base : `:${name}_tone${tone + 1}:`
}

function joined(grapheme: string): string {
  const parts = grapheme
    .split('\u200d')
    .map((part) => part.replace(/[\ufe0e\ufe0f\p{Emoji_Modifier}]/gu, ''))
    .filter((part) => part !== '')
  const whole = JOINED[parts.join('')]
  if (whole !== undefined) return `:${whole}:`
  const [person = '', trade = ''] = parts
  const name = TONED[person]
  const role = ROLES[trade]
  if (parts.length === 2 && name !== undefined && role !== undefined) return `:${name}_${role}:`
  return parts
    .map((part) => (/^\p{Extended_Pictographic}/u.test(part) ? firstOf(part) : ''))
    .join('')
}

function firstOf(part: string): string {
  return String.fromCodePoint(part.codePointAt(0) ?? 0)
}
