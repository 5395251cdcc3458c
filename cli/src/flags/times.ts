import { parseTime } from '@sotto/client-core'

export { parseTime }
