/** Unpredictable bits, as everything that needs them gets them. */
export interface Random {
  /** `count` fresh bytes, `count` from 1 to 65,536. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
}

/** 128 fresh bits as 32 lower-case hex digits: names of runs, intents and blobs. */
export function randomId(random: Random): string {
  return toHex(random.bytes(16));
}

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += (byte + 0x100).toString(16).slice(1);
  return text;
}
