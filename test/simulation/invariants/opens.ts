import type { History } from '../history.js'
import type { Invariant } from './index.js'

/**
 * 6: no message key is used twice, and no ratchet is on disk without the bytes it made: else some
 * envelope would not open. Only a relay that was restored may have handed out a prekey twice.
 */
export const everythingOpens: Invariant = {
  name: 'everything opens',
  check: ({ findings, restores }: History) =>
    restores.length > 0
      ? []
      : findings.flatMap(({ name, journal }) =>
          journal
            .filter(({ type }) => type === 'message.undecryptable')
            .map((event) => `${name} could not open something: ${JSON.stringify(event)}`),
        ),
}
