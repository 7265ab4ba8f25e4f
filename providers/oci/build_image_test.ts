import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { makeElf } from "../../image/elf_fixture_test.ts";
import { testFolder } from "./_test_image.ts";

const BASE = { kind: "layout", layout: "base", tag: undefined } as const;

async function layoutFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (path: string): Promise<void> => {
    for await (const { isDirectory, name } of Deno.readDir(join(folder, path))) {
      if (isDirectory) await visit(`${path}${name}/`);
      else found.push(`${path}${name}`);
    }
  };
  await visit("");
  return found.toSorted();
}

Deno.test("6.4 no. 2: an image of one program has one digest, wherever, whenever and in whatever order it is built", async () => {
  await using one = await testFolder();
  await using two = await testFolder();
  for (const { folder } of [one, two]) await Deno.mkdir(join(folder, "static/sub"), { recursive: true });
  for (const name of ["b", "sub/c", "a"]) await Deno.writeTextFile(join(one.folder, "static", name), name);
  for (const name of ["a", "b", "sub/c"]) {
    await Deno.writeTextFile(join(two.folder, "static", name), name, { mode: 0o600 });
  }
  await Deno.utime(join(two.folder, "static/a"), 1, 1);
  const files = [{ from: "static", to: "/srv" }];
  const labels = { b: "2", a: "1" };
  const settings = {
    args: [],
    env: {},
    user: undefined,
    workdir: undefined,
    ports: [],
    stopSignal: undefined,
  };
  const digest = await one.build({ files, settings: { ...settings, labels } });
  strictEqual(
    await two.build({ files, settings: { ...settings, labels: { a: "1", b: "2" } }, layout: "other/place" }),
    digest,
  );
  strictEqual(await one.build({ files, settings: { ...settings, labels } }), digest);
  strictEqual(digest, "sha256:860a27d843be1c7cb2cda384e720b274b7ab34cfdd997834454b74aa19df69da");
});

Deno.test("6.4 no. 7: what is no static program of its platform is refused by its code, and nothing is written", async () => {
  await using test = await testFolder();
  const put = (name: string, bytes: Uint8Array) => Deno.writeFile(join(test.folder, name), bytes);
  await put("dynamic", makeElf({ machine: 62, interpreter: "/lib64/ld.so", libraries: ["libc.so.6"] }));
  await put("musl", makeElf({ machine: 62, interpreter: "/lib/ld-musl-x86_64.so.1" }));
  await put("arm", makeElf({ machine: 183 }));
  await put("script", new TextEncoder().encode("#!/bin/sh\n"));
  await put("cut", makeElf({ machine: 62, libraries: ["x"] }).subarray(0, 90));
  const refusal = (path: string) =>
    test.refusal({ source: { kind: "prebuilt", programs: [{ platform: "linux/amd64", path }] } });
  match(
    await refusal("dynamic"),
    /^IMG011: .*"dynamic".* needs the loader \/lib64\/ld\.so, the library libc\.so\.6$/,
  );
  match(await refusal("musl"), /^IMG011: .* needs the loader \/lib\/ld-musl-x86_64\.so\.1$/);
  match(await refusal("arm"), /^IMG015: .*"arm" for linux\/amd64: it is a program for arm64$/);
  match(await refusal("script"), /^IMG014: .* it is no ELF program, but a script$/);
  match(await refusal("cut"), /^IMG014: .* its headers go beyond its end/);
  match(await refusal("none"), /^Cannot read "none": there is no such file or folder$/);
  deepStrictEqual((await layoutFiles(test.folder)).filter((path) => path.startsWith("out")), []);
  ok(
    await test.build({
      source: { kind: "prebuilt", programs: [{ platform: "linux/amd64", path: "dynamic" }] },
      linkages: "any",
    }),
  );
});

Deno.test("6.4 no. 7: a base with a shell is refused with its layer and path, and taken where that is said", async () => {
  await using test = await testFolder();
  await Deno.writeTextFile(join(test.folder, "sh"), "");
  await Deno.symlink("sh", join(test.folder, "apk"));
  await test.build({
    layout: "base",
    files: [{ from: "sh", to: "/bin/sh" }, { from: "apk", to: "/sbin/apk" }],
  });
  const base = { kind: "layout", layout: "base", tag: "v1" } as const;
  const told = await test.refusal({ base });
  match(told, /^IMG030: Cannot build on "base:v1"/);
  match(told, /^\/bin\/sh: a shell, in the layer sha256:[0-9a-f]{64}$/m);
  match(told, /^\/sbin\/apk: a package manager, in the layer/m);
  await test.build({ base, excess: "allowed" });
});

Deno.test("an image on a base takes its layers along, and says on what it stands", async () => {
  await using test = await testFolder();
  await Deno.writeTextFile(join(test.folder, "data"), "of the base");
  const digest = await test.build({ layout: "base", files: [{ from: "data", to: "/data" }] });
  await test.build({ base: BASE });
  const facts = await test.tools.inspect({ layout: "out", tag: "v1" });
  ok(facts.ok);
  const [platform] = facts.value.platforms;
  strictEqual(platform?.layers.length, 3);
  const manifest = await Deno.readTextFile(join(test.folder, "out/blobs/sha256", platform.manifest.slice(7)));
  strictEqual(JSON.parse(manifest).annotations["org.opencontainers.image.base.digest"], digest);
  match(
    await test.refusal({
      base: BASE,
      source: { kind: "prebuilt", programs: [{ platform: "linux/arm64", path: "web" }] },
    }),
    /^IMG015/,
  );
  await Deno.writeFile(join(test.folder, "arm"), makeElf({ machine: 183 }));
  strictEqual(
    await test.refusal({
      base: BASE,
      source: { kind: "prebuilt", programs: [{ platform: "linux/arm64", path: "arm" }] },
    }),
    'Cannot build for linux/arm64 on "base": it is for linux/amd64',
  );
});

Deno.test("no file from outside of the working folder gets into an image, by whatever link", async () => {
  await using test = await testFolder();
  await Deno.mkdir(join(test.folder, "static"));
  await Deno.symlink("/etc/passwd", join(test.folder, "static/leak"));
  const files = [{ from: "static", to: "/srv" }];
  match(
    await test.refusal({ files }),
    /"static\/leak" into the image: it leads out of the working folder, to "\/etc\/passwd"/,
  );
  await Deno.remove(join(test.folder, "static/leak"));
  await Deno.symlink("..", join(test.folder, "static/loop"));
  match(await test.refusal({ files }), /it is a link to a folder that holds it/);
  await Deno.remove(join(test.folder, "static/loop"));
  match(await test.refusal({ files: [{ from: "../", to: "/x" }] }), /leads out of the working folder/);
  match(
    await test.refusal({ files: [{ from: "web", to: "srv" }] }),
    /wanted a place in the image that begins with "\/"/,
  );
  match(
    await test.refusal({ files: [{ from: "web", to: "/a/../b" }] }),
    /"a\/\.\.\/b" has a part "\." or "\.\."/,
  );
});

Deno.test("a layout keeps its other images; a folder that is none is left alone", async () => {
  await using test = await testFolder();
  const first = await test.build();
  const second = await test.build({ tags: ["v2"], annotations: { a: "b" } });
  const digests = [];
  for (const tag of ["v1", "v2"]) {
    const facts = await test.tools.inspect({ layout: "out", tag });
    digests.push(facts.ok ? facts.value.digest : facts.error.message);
  }
  deepStrictEqual(digests, [first, second]);
  const none = await test.tools.inspect({ layout: "out", tag: undefined });
  match(
    none.ok ? "" : `${none.error.message}; ${none.error.hint}`,
    /holds several; Name one as out:TAG; it has "v1", "v2"/,
  );
  await Deno.mkdir(join(test.folder, "mine"));
  await Deno.writeTextFile(join(test.folder, "mine/letter"), "dear");
  match(
    await test.refusal({ layout: "mine" }),
    /Cannot write the layout "mine": there is a folder already that is no OCI layout/,
  );
  deepStrictEqual(await layoutFiles(join(test.folder, "mine")), ["letter"]);
});

Deno.test("inspect finds one changed bit in any blob of an image", async () => {
  await using test = await testFolder();
  await test.build();
  const blobs = (await layoutFiles(join(test.folder, "out"))).filter((path) => path.startsWith("blobs/"));
  strictEqual(blobs.length, 5);
  for (const path of blobs) {
    const file = join(test.folder, "out", path);
    const bytes = await Deno.readFile(file);
    const changed = bytes.slice();
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    await Deno.writeFile(file, changed);
    const facts = await test.tools.inspect({ layout: "out", tag: "v1" });
    strictEqual(facts.ok ? "ok" : facts.error.kind, "damage", path);
    await Deno.writeFile(file, bytes);
  }
  ok((await test.tools.inspect({ layout: "out", tag: "v1" })).ok);
});
