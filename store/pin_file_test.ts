import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { IntegrityError } from "../engine/integrity_error.ts";
import { testFolder } from "./_test_folder.ts";
import { TestClock } from "./_test_log.ts";
import { PinFile } from "./pin_file.ts";

const STREAM = "ab".repeat(32);
const OTHER_STREAM = "cd".repeat(32);
const HASH = "01".repeat(32);
const OTHER_HASH = "02".repeat(32);
const CHECKPOINT = "03".repeat(32);
const PERMISSION_BITS = 0o777;

Deno.test("advance() moves the pin of a log forward, and only forward", async () => {
  await using folder = await testFolder();
  const pins = pinFile(folder.path);
  strictEqual(await pins.read(STREAM), undefined);
  await pins.advance(STREAM, { seq: 5, hash: HASH, checkpoint: undefined });
  await pins.advance(STREAM, { seq: 3, hash: OTHER_HASH, checkpoint: undefined });
  deepStrictEqual(await pinFile(folder.path).read(STREAM), { seq: 5, hash: HASH, checkpoint: undefined });
  await pins.advance(STREAM, { seq: 9, hash: OTHER_HASH, checkpoint: undefined });
  deepStrictEqual(await pins.read(STREAM), { seq: 9, hash: OTHER_HASH, checkpoint: undefined });
});

Deno.test("advance() keeps the pins of other logs, and a checkpoint until another is named", async () => {
  await using folder = await testFolder();
  const pins = pinFile(folder.path);
  await pins.advance(OTHER_STREAM, { seq: 1, hash: HASH, checkpoint: undefined });
  await pins.advance(STREAM, { seq: 5, hash: HASH, checkpoint: CHECKPOINT });
  await pins.advance(STREAM, { seq: 6, hash: OTHER_HASH, checkpoint: undefined });
  deepStrictEqual(await pins.read(STREAM), { seq: 6, hash: OTHER_HASH, checkpoint: CHECKPOINT });
  deepStrictEqual(await pins.read(OTHER_STREAM), { seq: 1, hash: HASH, checkpoint: undefined });
});

Deno.test("P15 c: advance() refuses another record of the seq that is pinned", async () => {
  await using folder = await testFolder();
  const pins = pinFile(folder.path);
  await pins.advance(STREAM, { seq: 5, hash: HASH, checkpoint: undefined });
  await rejects(
    pins.advance(STREAM, { seq: 5, hash: OTHER_HASH, checkpoint: undefined }),
    (error) => error instanceof IntegrityError && error.kind === "pin",
  );
});

Deno.test("advance() of many at once loses none", async () => {
  await using folder = await testFolder();
  const streams = Array.from({ length: 10 }, (_, nth) => nth.toString(16).repeat(64));
  await Promise.all(
    streams.map((stream, nth) =>
      pinFile(folder.path).advance(stream, { seq: nth + 1, hash: HASH, checkpoint: undefined })
    ),
  );
  const pins = pinFile(folder.path);
  for (const [nth, stream] of streams.entries()) strictEqual((await pins.read(stream))?.seq, nth + 1);
});

Deno.test("a damaged pin file is never read as no pins", async () => {
  await using folder = await testFolder();
  const pins = pinFile(folder.path);
  await pins.advance(STREAM, { seq: 5, hash: HASH, checkpoint: undefined });
  for (
    const text of [
      "",
      "{}x",
      "[]",
      `{"${STREAM}":{"seq":0,"hash":"${HASH}"}}`,
      `{"x":{"hash":"${HASH}","seq":1}}`,
    ]
  ) {
    await Deno.writeTextFile(pins.path, text);
    await rejects(pins.read(STREAM), IntegrityError);
    await rejects(pins.advance(STREAM, { seq: 6, hash: HASH, checkpoint: undefined }), IntegrityError);
  }
});

Deno.test("the pin file is its owner's alone", async () => {
  await using folder = await testFolder();
  const pins = pinFile(folder.path);
  await pins.advance(STREAM, { seq: 5, hash: HASH, checkpoint: undefined });
  strictEqual(((await Deno.stat(pins.path)).mode ?? 0) & PERMISSION_BITS, 0o600);
  const names = (await Array.fromAsync(Deno.readDir(join(folder.path, "state")))).map((entry) => entry.name);
  deepStrictEqual(names.sort(), ["pins.json", "pins.json.lock"]);
});

function pinFile(folder: string): PinFile {
  const clock = new class extends TestClock {
    override monotonicMs(): number {
      return 0;
    }
  }();
  return new PinFile(join(folder, "state", "pins.json"), { clock, holder: "test" });
}
