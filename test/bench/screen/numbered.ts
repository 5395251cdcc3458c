/** Each message of the conversation begins with its number, by which it is known among bytes. */
export function numberedText(number: number): string {
  const sentences = SENTENCES.slice(0, 1 + (number % SENTENCES.length))
  return [`m${String(number).padStart(6, '0')}`, ...sentences].join(' ')
}

/** One to four lines of a conversation, and not only what ASCII can say. */
const SENTENCES = [
  'are you there?',
  'I have looked at what came back from the other side, and it is not what either of us thought.',
  '明日の朝、駅で会いましょう。 Всё готово 👍',
  'Bring the long list with you when you come, and the keys, so that nobody has to go back for them.',
]

/** The numbers of all messages in what was shown. */
export function numbersIn(shown: string): readonly number[] {
  return [...shown.matchAll(/m(\d{6})/g)].map(([, number]) => Number(number))
}
