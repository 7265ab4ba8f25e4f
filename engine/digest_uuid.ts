/** A UUID of version 8, whose bits are ours to choose (RFC 9562 section 5.8): the first of a digest, given in hex. */
export function digestUuid(hex: string): string {
  const variant = (8 | Number.parseInt(hex.charAt(16), 16) & 3).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
