/** A range of IPv4 addresses, as RFC 4632 writes them: `10.0.0.0/16`. */
export interface Cidr {
  /** The first address, as a number from 0 to 2^32-1. */
  readonly start: number;
  /** Bits that all its addresses share, 0 to 32. */
  readonly prefix: number;
}

const CIDR_REGEXP = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Reads a range. `undefined` when `text` is none, also when bits are set behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = CIDR_REGEXP.exec(text);
  if (match === null) return undefined;
  const prefix = Number(match[5]);
  const start = parseIp(text.slice(0, text.indexOf("/")));
  if (start === undefined || prefix > 32) return undefined;
  return blockStart(start, prefix) === start ? { start, prefix } : undefined;
}

/** Reads an address as a number; `undefined` when `text` is none. */
export function parseIp(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

/** Writes an address in four decimal parts. */
export function formatIp(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** How many addresses a range has. */
export function addressCount(range: Cidr): number {
  return 2 ** (32 - range.prefix);
}

/** Whether `inner` lies wholly in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && blockStart(inner.start, outer.prefix) === outer.start;
}

/** The first address of the block of size `prefix` that `address` lies in. */
export function blockStart(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}
