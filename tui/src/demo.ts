export { DemoClient } from './demo/demo-client.js'
