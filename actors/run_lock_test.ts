import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { fileRunLocks } from "./run_lock.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await work(`${folder}/runs`);
  await Deno.remove(folder, { recursive: true });
}

Deno.test("fileRunLocks() tells a held lock from a free one and from none", async () => {
  await inFolder(async (folder) => {
    const locks = fileRunLocks(folder);
    strictEqual(await locks.look("r1"), "unknown");
    const held = await locks.take("r1");
    strictEqual(await locks.look("r1"), "held");
    await held.release("keep");
    strictEqual(await locks.look("r1"), "free");
    await locks.forget("r1");
    strictEqual(await locks.look("r1"), "unknown");
    await locks.forget("r1");
  });
});

Deno.test("fileRunLocks() leaves nothing of a run that ended well", async () => {
  await inFolder(async (folder) => {
    const locks = fileRunLocks(folder);
    await (await locks.take("r1")).release("clear");
    deepStrictEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("fileRunLocks() lets two look at once, neither of them a holder", async () => {
  await inFolder(async (folder) => {
    const locks = fileRunLocks(folder);
    await (await locks.take("r1")).release("keep");
    deepStrictEqual(await Promise.all([locks.look("r1"), locks.look("r1")]), ["free", "free"]);
  });
});

Deno.test("fileRunLocks() makes files that only their owner may open", async () => {
  await inFolder(async (folder) => {
    const held = await fileRunLocks(folder).take("r1");
    strictEqual((await Deno.stat(`${folder}/r1.lock`)).mode?.toString(8).slice(-3), "600");
    ok((await Deno.stat(folder)).mode?.toString(8).endsWith("700"));
    await held.release("clear");
  });
});

Deno.test("fileRunLocks() opens nothing that is no file, so that a pipe does not hold it up", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(folder);
    const piped = await new Deno.Command("mkfifo", { args: [`${folder}/r1.lock`] }).output();
    ok(piped.success);
    await Deno.symlink("r1.lock", `${folder}/r2.lock`);
    for (const run of ["r1", "r2"]) {
      await rejects(fileRunLocks(folder).look(run), /^Error: Cannot look at the lock .* is not a file$/);
    }
  });
});
