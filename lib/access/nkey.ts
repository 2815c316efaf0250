const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The bytes of a text of base32 without padding. */
function decoded(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = ((value << 5) | ALPHABET.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return bytes;
}

/** CRC-16 as XMODEM has it, which ends an nkey. */
function checksum(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** Whether the checksum of an nkey's public key, 56 characters of base32, is right. */
export function isIntact(publicKey: string): boolean {
  const bytes = decoded(publicKey);
  const [low = 0, high = 0] = bytes.slice(-2);
  return checksum(bytes.slice(0, -2)) === low + high * 256;
}
