export { schemaFaults } from '../../harness/schemas.js'
