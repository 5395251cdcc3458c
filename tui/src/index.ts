export * from './text/messages.js'
export * from './text/paint.js'
export * from './text/safe-text.js'
export * from './text/time.js'
