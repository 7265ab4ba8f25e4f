import { joinBytes } from "./join_bytes.ts";

/** Gives a made program sections of these names, in the width and order that it has. */
export function withSections(
  elf: Uint8Array<ArrayBuffer>,
  sections: Readonly<Record<string, Uint8Array>>,
): Uint8Array<ArrayBuffer> {
  const is64 = elf[4] === 2;
  const isLittle = elf[5] === 1;
  const names = ["", ...Object.keys(sections), ".shstrtab"];
  const texts = new TextEncoder().encode(`${names.join("\0")}\0`);
  const contents = [new Uint8Array(), ...Object.values(sections), texts];
  const headerBytes = is64 ? 64 : 40;
  const table = new Uint8Array(headerBytes * names.length);
  const view = new DataView(table.buffer);
  const number = (at: number, value: number): void => {
    if (is64) view.setBigUint64(at, BigInt(value), isLittle);
    else view.setUint32(at, value, isLittle);
  };
  let [nameAt, offset] = [0, elf.length];
  for (const [index, name] of names.entries()) {
    const at = index * headerBytes;
    const content = contents[index] ?? new Uint8Array();
    view.setUint32(at, nameAt, isLittle);
    view.setUint32(at + 4, index === 0 ? 0 : 1, isLittle);
    number(at + (is64 ? 24 : 16), offset);
    number(at + (is64 ? 32 : 20), content.length);
    [nameAt, offset] = [nameAt + name.length + 1, offset + content.length];
  }
  const whole = joinBytes([elf, ...contents, table]);
  const head = new DataView(whole.buffer);
  if (is64) head.setBigUint64(40, BigInt(offset), isLittle);
  else head.setUint32(32, offset, isLittle);
  head.setUint16(is64 ? 58 : 46, headerBytes, isLittle);
  head.setUint16(is64 ? 60 : 48, names.length, isLittle);
  head.setUint16(is64 ? 62 : 50, names.length - 1, isLittle);
  return whole;
}
