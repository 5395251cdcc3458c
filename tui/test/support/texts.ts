import fc from 'fast-check'

/** Of every class that is measured otherwise, and what joins them. */
const PIECES = fc.constantFrom(
  ...[
    'a',
    'b',
    ' ',
    '  ',
    'word ',
    '-',
    '東',
    '京',
    '。',
    '「',
    '한',
    'ก',
    'ภ',
    'ü',
    'e\u0301',
    '\u0301',
  ],
  ...['🦊', '👍🏽', '👩\u200d💻', '🇩', '🇪', '⚠\ufe0f', '1\ufe0f\u20e3', '\u200d', '\ufe0f', '🏽'],
  ...['https://example.org/a/b?c=d&e=f', 'शि', 'क्ष', '\u00a0', '…'],
)

/** Texts without controls, of letters, pictures and blanks that are laid out otherwise. */
export const ANY_TEXT = fc.string({ unit: PIECES, maxLength: 60 })

/** Controls, sequences, bidirectional marks, halves of characters: what must not reach a terminal. */
export const HOSTILE_TEXT = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\u001b[31m', '\u001b]8;;http://x\u001b\\', '\u001b]0;x\u0007', '\u009b2J'),
    fc.constantFrom('*', '**', '`', '```', '\n', '> ', '- ', '[', '](https://x.y)', '~~', '_'),
    PIECES,
  ),
  maxLength: 80,
})
