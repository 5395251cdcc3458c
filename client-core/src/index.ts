export * from './client.js'
export * from './objects.js'
export * from './ports.js'
