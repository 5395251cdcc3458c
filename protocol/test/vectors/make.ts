// Writes protocol/vectors anew: node protocol/out/test/vectors/make.js
import { VECTOR_FILES, writeVectors, type VectorFile } from './files.js'

for (const file of Object.keys(VECTOR_FILES) as VectorFile[]) writeVectors(file)
