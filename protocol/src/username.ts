import { UsageError } from './errors.js'

/** `nickname.discriminator`, as libsignal's usernames have it. */
export interface Username {
  readonly nickname: string
  readonly discriminator: string
}

export const NICKNAME_LENGTH_MIN = 3
export const NICKNAME_LENGTH_MAX = 32

/** Throws a UsageError that says what a username looks like. */
export function parseUsername(value: string): Username {
  const match = /^([A-Za-z_][A-Za-z0-9_]{2,31})\.(0[1-9]|[1-9]\d{1,8})$/.exec(value)
  if (match === null) {
    throw new UsageError('usage/invalid', `not a username: ${value}`, {
      fix: 'A username is a name of 3 to 32 letters, digits or _, a dot, and two or more digits: alice.42',
    })
  }
  return { nickname: match[1] ?? '', discriminator: match[2] ?? '' }
}

export function formatUsername(username: Username): string {
  return `${username.nickname}.${username.discriminator}`
}
