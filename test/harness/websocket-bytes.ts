/** How long the head of HTTP is that `bytes` begin with, its empty line included. */
export function headBytes(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  return end === -1 ? undefined : end + 4
}

/** How long the WebSocket frame is that `bytes` begin with (RFC 6455, section 5.2). */
export function frameBytes(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0
  if (bytes.length < 2 + lengthBytes) return undefined
  const length =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  const maskBytes = (bytes.readUInt8(1) & 0x80) === 0 ? 0 : 4
  const whole = 2 + lengthBytes + maskBytes + length
  return bytes.length < whole ? undefined : whole
}
