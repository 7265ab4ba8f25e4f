import { deepStrictEqual, doesNotMatch, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { Secret } from "../../engine/value.ts";
import type { Provider } from "../provider.ts";
import { create, failureOf, fieldsOf, quiet, read, remove, tokenOf, update, valueOf } from "../test_calls.ts";
import { localProvider } from "./local_provider.ts";

const TYPE = "local.File";
const HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fileTest("create writes the file with its mode and tells size and hash", async ({ root, provider }) => {
  const live = valueOf(await create(provider, TYPE, { path: "out/hello.txt", content: "hello" }));
  deepStrictEqual(live, {
    id: "out/hello.txt",
    fields: fieldsOf({ path: "out/hello.txt", content: "hello", mode: "0644" }),
    outputs: fieldsOf({ sha256: HELLO_SHA256, size_bytes: 5 }),
    precondition: `sha256:${HELLO_SHA256}`,
  });
  deepStrictEqual(await Deno.readTextFile(join(root, "out/hello.txt")), "hello");
  deepStrictEqual(await namesIn(join(root, "out")), ["hello.txt"]);
});

fileTest("create tells the id only once the file stands", async ({ root, provider }) => {
  const seen: string[] = [];
  await provider.create({
    type: TYPE,
    token: tokenOf(1),
    fields: fieldsOf({ path: "a.txt", content: "hello" }),
    accepted: (id) => void seen.push(`${id} ${Deno.readTextFileSync(join(root, id))}`),
  }, quiet());
  deepStrictEqual(seen, ["a.txt hello"]);
});

fileTest("create refuses a file that smelt did not make, and leaves it alone", async ({ root, provider }) => {
  await Deno.writeTextFile(join(root, "a.txt"), "mine");
  const failure = failureOf(await create(provider, TYPE, { path: "a.txt", content: "hello" }));
  deepStrictEqual([failure.kind, failure.certainty], ["AlreadyExists", "notDone"]);
  deepStrictEqual(await Deno.readTextFile(join(root, "a.txt")), "mine");
  deepStrictEqual(await namesIn(root), ["a.txt"]);
});

fileTest(
  "create refuses paths that leave the project, and smelt's own folder",
  async ({ root, provider }) => {
    const outside = await Deno.makeTempDir();
    await Deno.symlink(outside, join(root, "way-out"));
    const paths = [
      "../a",
      "a/../../b",
      "/etc/a",
      "way-out/a",
      "way-out/b/c",
      ".smelt/keys/k",
      ".SMELT/x",
      "",
      ".",
      "a//b",
    ];
    for (const path of paths) {
      const failure = failureOf(await create(provider, TYPE, { path, content: "x" }));
      deepStrictEqual([path, failure.kind, failure.certainty], [path, "InvalidConfig", "notDone"]);
    }
    deepStrictEqual(await namesIn(outside), []);
    await Deno.remove(outside, { recursive: true });
  },
);

fileTest("create refuses content given twice", async ({ provider }) => {
  const failure = failureOf(
    await create(provider, TYPE, { path: "a", content: "x", sensitive_content: new Secret("y") }),
  );
  deepStrictEqual([failure.kind, failure.certainty], ["InvalidConfig", "notDone"]);
});

fileTest(
  "what a killed create left is cleaned up by the next, and the name stays free",
  async ({ root, provider }) => {
    await create(provider, TYPE, { path: "a.txt", content: "x" });
    await Deno.remove(join(root, "a.txt"));
    const { createHash } = await import("node:crypto");
    const name = createHash("sha256").update("a.txt").digest("hex").slice(0, 16);
    await Deno.writeTextFile(join(root, `.smelt-${name}-${"f".repeat(32)}.tmp`), "hal");
    deepStrictEqual(
      valueOf(await read(provider, TYPE, "a.txt")),
      undefined,
    );
    valueOf(await create(provider, TYPE, { path: "a.txt", content: "half no more" }));
    deepStrictEqual(await namesIn(root), ["a.txt"]);
  },
);

fileTest(
  "read finds what was changed by hand: content, mode, and that it is gone",
  async ({ root, provider }) => {
    const applied = { path: "a.txt", content: "hello", mode: "0644" };
    await create(provider, TYPE, { path: "a.txt", content: "hello" });
    await Deno.writeTextFile(join(root, "a.txt"), "\uFEFFby hand\r\n");
    await Deno.chmod(join(root, "a.txt"), 0o600);
    const found = valueOf(await read(provider, TYPE, "a.txt", applied));
    deepStrictEqual(found?.fields, fieldsOf({ path: "a.txt", content: "\uFEFFby hand\r\n", mode: "0600" }));
    await Deno.remove(join(root, "a.txt"));
    deepStrictEqual(valueOf(await read(provider, TYPE, "a.txt", applied)), undefined);
  },
);

fileTest("read refuses a link or a folder in the place of the file", async ({ root, provider }) => {
  await Deno.symlink("/etc/hostname", join(root, "link"));
  await Deno.mkdir(join(root, "folder"));
  for (const id of ["link", "folder"]) {
    const failure = failureOf(await read(provider, TYPE, id));
    deepStrictEqual([failure.kind, failure.certainty], ["Conflict", "notDone"]);
  }
});

fileTest(
  "sensitive content is written closed, and comes back as a secret with its hash",
  async ({ root, provider }) => {
    const fields = { path: "key", sensitive_content: new Secret("CANARY") };
    const made = valueOf(await create(provider, TYPE, fields));
    deepStrictEqual(
      (await Deno.stat(join(root, "key"))).mode ?? 0 & 0o777,
      (await Deno.stat(join(root, "key"))).mode,
    );
    deepStrictEqual(made.fields["mode"], "0600");
    const found = valueOf(await read(provider, TYPE, "key", fields));
    for (const object of [made, found]) {
      ok(object?.fields["sensitive_content"] instanceof Secret && object.outputs["sha256"] instanceof Secret);
      deepStrictEqual(Secret.open(object.fields["sensitive_content"]), "CANARY");
      deepStrictEqual(object.fields["content"], undefined);
      doesNotMatch(JSON.stringify(object), /CANARY/);
      match(object.precondition ?? "", /^version:/);
    }
  },
);

fileTest(
  "a list by path shows all of an open file, and the content of a closed one as a secret",
  async ({ provider }) => {
    const open = valueOf(await create(provider, TYPE, { path: "open", content: "hello" }));
    const closed = valueOf(
      await create(provider, TYPE, { path: "closed", sensitive_content: new Secret("CANARY") }),
    );
    const list = async (uniqueName: string) =>
      valueOf(await provider.list({ type: TYPE, uniqueName }, quiet()));
    deepStrictEqual(await list("open"), [open]);
    const [found] = await list("closed");
    deepStrictEqual(found, closed);
    ok(found?.fields["sensitive_content"] instanceof Secret);
    deepStrictEqual(Secret.open(found.fields["sensitive_content"]), "CANARY");
    deepStrictEqual(await list("nothing"), []);
  },
);

fileTest("plain content that holds a secret is kept as one too", async ({ provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "env", content: new Secret("CANARY") }));
  ok(made.fields["content"] instanceof Secret);
  deepStrictEqual(made.fields["mode"], "0600");
});

fileTest("update changes content and mode in one step", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a.txt", content: "one" }));
  const changed = valueOf(
    await update(provider, TYPE, made, { path: "a.txt", content: "two", mode: "0640" }),
  );
  deepStrictEqual(changed.fields, fieldsOf({ path: "a.txt", content: "two", mode: "0640" }));
  deepStrictEqual(await Deno.readTextFile(join(root, "a.txt")), "two");
  deepStrictEqual(await namesIn(root), ["a.txt"]);
});

fileTest("update and delete refuse a file changed since it was read", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a.txt", content: "one" }));
  await Deno.writeTextFile(join(root, "a.txt"), "by hand");
  const updated = failureOf(await update(provider, TYPE, made, { path: "a.txt", content: "two" }));
  const deleted = failureOf(await remove(provider, TYPE, made));
  for (const failure of [updated, deleted]) {
    deepStrictEqual([failure.kind, failure.certainty], ["PreconditionFailed", "notDone"]);
  }
  deepStrictEqual(await Deno.readTextFile(join(root, "a.txt")), "by hand");
});

fileTest(
  "update heals a file changed by hand, under the precondition of the read that saw it",
  async ({ root, provider }) => {
    const fields = { path: "a.txt", content: "one" };
    await create(provider, TYPE, fields);
    await Deno.writeTextFile(join(root, "a.txt"), "by hand");
    const seen = valueOf(await read(provider, TYPE, "a.txt", fields));
    ok(seen);
    valueOf(await update(provider, TYPE, seen, fields));
    deepStrictEqual(await Deno.readTextFile(join(root, "a.txt")), "one");
  },
);

fileTest("update says that a file is gone", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a.txt", content: "one" }));
  await Deno.remove(join(root, "a.txt"));
  const failure = failureOf(await update(provider, TYPE, made, { path: "a.txt", content: "two" }));
  deepStrictEqual([failure.kind, failure.certainty], ["NotFound", "notDone"]);
});

fileTest("delete takes the file and what attempts left, and nothing else", async ({ root, provider }) => {
  const made = valueOf(await create(provider, TYPE, { path: "a.txt", content: "one" }));
  await Deno.writeTextFile(join(root, "b.txt"), "other");
  valueOf(await remove(provider, TYPE, made));
  deepStrictEqual(await namesIn(root), ["b.txt"]);
});

fileTest("a name of 255 bytes is no problem, a longer one is the configuration's", async ({ provider }) => {
  valueOf(await create(provider, TYPE, { path: "n".repeat(255), content: "x" }));
  const failure = failureOf(await create(provider, TYPE, { path: "n".repeat(256), content: "x" }));
  deepStrictEqual([failure.kind, failure.certainty], ["InvalidConfig", "notDone"]);
});

interface World {
  readonly root: string;
  readonly provider: Provider;
}

function fileTest(name: string, run: (world: World) => Promise<void>): void {
  Deno.test(`local.File: ${name}`, async () => {
    const root = await Deno.makeTempDir();
    try {
      await run({ root, provider: localProvider(root) });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  return names.sort();
}
