export * from '#generated/identity_pb.js'
export * from '#generated/prekeys_pb.js'
export * from '#generated/relay_pb.js'
export { ContentSchema } from '#generated/content_pb.js'
