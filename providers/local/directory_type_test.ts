import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Provider } from "../provider.ts";
import { create, failureOf, fieldsOf, read, remove, update, valueOf } from "../test_calls.ts";
import { localProvider } from "./local_provider.ts";

const TYPE = "local.Directory";

folderTest("create makes the folder with its mode, and the folders above it", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a/b", mode: "0700" }));
  deepStrictEqual(made, {
    id: "a/b",
    fields: fieldsOf({ path: "a/b", mode: "0700" }),
    outputs: fieldsOf({}),
  });
  deepStrictEqual(((await Deno.stat(join(root, "a/b"))).mode ?? 0) & 0o777, 0o700);
});

folderTest("create takes over no folder and no file that is there", async ({ root, provider }) => {
  await Deno.mkdir(join(root, "theirs"));
  await Deno.writeTextFile(join(root, "file"), "");
  for (const path of ["theirs", "file"]) {
    const failure = failureOf(await create(provider, TYPE, { path }));
    deepStrictEqual([failure.kind, failure.certainty], ["AlreadyExists", "notDone"]);
  }
  const below = failureOf(await create(provider, TYPE, { path: "file/sub" }));
  deepStrictEqual(below.certainty, "notDone");
});

folderTest("create refuses paths outside the project and in smelt's own folder", async ({ provider }) => {
  for (const path of ["..", ".smelt", "/tmp/x"]) {
    deepStrictEqual(failureOf(await create(provider, TYPE, { path })).kind, "InvalidConfig");
  }
});

folderTest("a mode changed by hand is found and healed", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a" }));
  await Deno.chmod(join(root, "a"), 0o777);
  const found = valueOf(await read(provider, TYPE, "a", made.fields));
  deepStrictEqual(found?.fields, fieldsOf({ path: "a", mode: "0777" }));
  valueOf(await update(provider, TYPE, made, { path: "a", mode: "0755" }));
  deepStrictEqual(((await Deno.stat(join(root, "a"))).mode ?? 0) & 0o777, 0o755);
});

folderTest(
  "delete refuses a folder that is not empty, whatever made its content",
  async ({ root, provider }) => {
    const made = valueOf(await create(provider, TYPE, { path: "a" }));
    await Deno.writeTextFile(join(root, "a/theirs"), "precious");
    const failure = failureOf(await remove(provider, TYPE, made));
    deepStrictEqual([failure.kind, failure.certainty], ["InUse", "notDone"]);
    deepStrictEqual(await Deno.readTextFile(join(root, "a/theirs")), "precious");
  },
);

folderTest("delete is not held up by what a killed writer of a file left", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a" }));
  await Deno.writeTextFile(join(root, `a/.smelt-${"0".repeat(16)}-${"f".repeat(32)}.tmp`), "hal");
  valueOf(await remove(provider, TYPE, made));
  deepStrictEqual(valueOf(await read(provider, TYPE, "a")), undefined);
});

folderTest("read refuses a file in the place of the folder", async ({ root, provider }) => {
  await Deno.writeTextFile(join(root, "a"), "");
  deepStrictEqual(failureOf(await read(provider, TYPE, "a")).kind, "Conflict");
});

interface World {
  readonly root: string;
  readonly provider: Provider;
}

function folderTest(name: string, run: (world: World) => Promise<void>): void {
  Deno.test(`local.Directory: ${name}`, async () => {
    const root = await Deno.makeTempDir();
    try {
      await run({ root, provider: localProvider(root) });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
}
