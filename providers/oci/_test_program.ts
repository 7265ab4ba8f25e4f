const TEXT = "hello from nobody\n";

/**
 * A static program for linux/amd64, made by hand: it prints a line and ends well when it runs as the user 65532, and fails as
 * any other.
 */
export function tinyProgram(): Uint8Array<ArrayBuffer> {
  // getuid; unless it is 65532 go to `fail`; write(1, text, length); exit(0); fail: exit(1); text
  const code = [
    "b866000000" + "0f05",
    "3dfcff0000" + "7521",
    "b801000000" + "bf01000000" + "488d351c000000" + `ba${toHexByte(TEXT.length)}000000` + "0f05",
    "b83c000000" + "31ff" + "0f05",
    "b83c000000" + "bf01000000" + "0f05",
  ].join("");
  const body = new Uint8Array([...Uint8Array.fromHex(code), ...new TextEncoder().encode(TEXT)]);
  const headerBytes = 64 + 56;
  const bytes = new Uint8Array(headerBytes + body.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const address = 0x400000;
  const put = (at: number, sizeBytes: 2 | 4 | 8, value: number): void => {
    for (let index = 0; index < sizeBytes; index++) {
      bytes[at + index] = Math.floor(value / 256 ** index) % 256;
    }
  };
  // The header: an executable, for this processor, version 1, where it begins, one segment.
  put(16, 2, 2);
  put(18, 2, 62);
  put(20, 4, 1);
  put(24, 8, address + headerBytes);
  put(32, 8, 64);
  put(52, 2, 64);
  put(54, 2, 56);
  put(56, 2, 1);
  // The segment: all of the file, to be read and run.
  put(64, 4, 1);
  put(68, 4, 5);
  put(80, 8, address);
  put(88, 8, address);
  put(96, 8, bytes.length);
  put(104, 8, bytes.length);
  put(112, 8, 4096);
  bytes.set(body, headerBytes);
  return bytes;
}

function toHexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}
