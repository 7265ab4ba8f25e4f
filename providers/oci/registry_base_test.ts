import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type TestFolder, testFolder } from "./_test_image.ts";
import { refused, type RegistryRules, startRegistry, type TestRegistry } from "./_test_registry.ts";

const ACCESS = { insecure: [], caFile: undefined };

/** A registry that holds a base under `me/base:1`, made of a file with this text. */
async function withBase(
  rules: RegistryRules,
  run: (test: TestFolder, registry: TestRegistry) => Promise<void>,
): Promise<void> {
  await using registry = startRegistry(rules);
  await using test = await testFolder();
  await pushBase(test, registry, "first");
  registry.requests.length = 0;
  await run(test, registry);
}

/** Gives the digest. */
async function pushBase(test: TestFolder, { host }: TestRegistry, text: string): Promise<string> {
  await Deno.writeTextFile(join(test.folder, "data"), text);
  const digest = await test.build({ layout: "made", tags: [text], files: [{ from: "data", to: "/data" }] });
  const to = `${host}/me/base:1`;
  const pushed = await test.tools.push({ ...ACCESS, layout: "made", tag: text, tags: [], to });
  ok(pushed.ok, pushed.ok ? "" : pushed.error.message);
  return digest;
}

function baseOf(
  { host }: TestRegistry,
  tag = ":1",
): { readonly kind: "registry"; readonly reference: string } {
  return { kind: "registry", reference: `${host}/me/base${tag}` };
}

async function locked({ folder }: TestFolder): Promise<Record<string, { readonly digest: string }>> {
  return JSON.parse(await Deno.readTextFile(join(folder, "image.lock"))).bases;
}

Deno.test("a base of a registry is looked up once, written to image.lock, and the build is the same when its tag moves", async () => {
  await withBase({}, async (test, registry) => {
    const base = baseOf(registry);
    const digest = await test.build({ base });
    const before = await locked(test);
    deepStrictEqual(Object.keys(before), [`${registry.host}/me/base:1`]);
    await pushBase(test, registry, "second");
    await Deno.remove(join(test.folder, "cache"), { recursive: true });
    strictEqual(await test.build({ base, layout: "again" }), digest);
    deepStrictEqual(await locked(test), before);
    const moved = await test.tools.lock([], ACCESS);
    ok(moved.ok);
    const [change] = moved.value;
    strictEqual(change?.before, before[`${registry.host}/me/base:1`]?.digest);
    ok(change?.digest !== change?.before);
    ok(await test.build({ base, layout: "moved" }) !== digest);
  });
});

Deno.test("the bill of materials names a base of a registry by the place and the digest that it was built on", async () => {
  await withBase({}, async (test, registry) => {
    const base = baseOf(registry);
    await test.build({ base, bom: { formats: ["cyclonedx"], folder: "boms", told: [] } });
    const digest = (await locked(test))[`${registry.host}/me/base:1`]?.digest ?? "";
    const { components } = JSON.parse(
      await Deno.readTextFile(join(test.folder, "boms/web-linux-amd64.cdx.json")),
    );
    const found = components.find(({ type }: { readonly type: string }) => type === "container");
    strictEqual(found.version, digest);
    const place = encodeURIComponent(registry.host);
    const hex = digest.slice("sha256:".length);
    strictEqual(found.purl, `pkg:oci/base@sha256%3A${hex}?repository_url=${place}/me/base&tag=1`);
  });
});

Deno.test("what is in the cache needs no network, and blobs that are there are not fetched again", async () => {
  let isDown = false;
  await withBase({ fault: () => isDown ? refused(403, "DENIED") : undefined }, async (test, registry) => {
    const base = baseOf(registry);
    const digest = await test.build({ base });
    isDown = true;
    registry.requests.length = 0;
    strictEqual(await test.build({ base, layout: "offline", lock: "frozen" }), digest);
    deepStrictEqual(registry.requests, []);
  });
});

Deno.test("--frozen refuses a base that image.lock does not name, and a digest must agree with it", async () => {
  await withBase({}, async (test, registry) => {
    const base = baseOf(registry);
    match(
      await test.refusal({ base, lock: "frozen" }),
      /image\.lock does not name it, and --frozen asks for that$/,
    );
    deepStrictEqual(registry.requests, []);
    await test.build({ base });
    const other = baseOf(registry, `:1@sha256:${"0".repeat(64)}`);
    match(
      await test.refusal({ base: other }),
      /image\.lock says that "localhost:\d+\/me\/base:1" is sha256:/,
    );
  });
});

Deno.test("6.4 no. 11: what a registry sends instead of what its digest names is refused, and is not kept", async () => {
  const bodies = {
    other: () => new Response("other bytes"),
    more: (bytes: Uint8Array) => new Response(new Uint8Array([...bytes, 0])),
    less: (bytes: Uint8Array) => new Response(new Uint8Array(bytes.subarray(0, -1))),
    flipped: (bytes: Uint8Array) =>
      new Response(new Uint8Array(bytes).map((byte, at) => at === 9 ? byte ^ 1 : byte)),
  };
  for (const [name, body] of Object.entries(bodies)) {
    let registry: TestRegistry | undefined;
    const fault = ({ method, url }: Request) => {
      const digest = /\/blobs\/(sha256:.*)$/.exec(url)?.[1];
      const bytes = digest === undefined ? undefined : registry?.blobs.get(digest);
      return method === "GET" && bytes !== undefined ? body(bytes) : undefined;
    };
    await withBase({ fault }, async (test, started) => {
      registry = started;
      match(await test.refusal({ base: baseOf(started) }), /^Cannot read the blob sha256:/, name);
      // Its manifest came before.
      strictEqual((await namesIn(join(test.folder, "cache/images/blobs/sha256"))).length, 1, name);
    });
  }
});

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names;
}

Deno.test("6.4 no. 11: documents of another kind, too large or too deep are refused before anything is believed", async () => {
  const index = "application/vnd.oci.image.index.v1+json";
  const serve = (text: string | Uint8Array<ArrayBuffer>, mediaType: string) => () =>
    new Response(text, { headers: { "content-type": mediaType } });
  const cases = [
    [serve("<html>", "text/html"), /it is no JSON$/],
    [serve("{}", "text/html"), /it is "text\/html", which is neither a manifest nor an index$/],
    [serve('{"mediaType":"x"}', index), /it says that it is "x"/],
    [serve(`{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, index), /nests deeper than 64$/],
    [serve(new Uint8Array(5 * 1024 * 1024), index), /it has more than 4194304 bytes$/],
  ] as const;
  for (const [fault, wanted] of cases) {
    await using registry = startRegistry({ fault });
    await using test = await testFolder();
    match(await test.refusal({ base: baseOf(registry) }), wanted);
    strictEqual(await Deno.stat(join(test.folder, "image.lock")).then(() => "kept", () => "none"), "none");
  }
});

Deno.test("a lock that was edited wrongly is told, and never overwritten", async () => {
  await withBase({}, async (test, registry) => {
    const path = join(test.folder, "image.lock");
    for (
      const text of ["{", "[]", '{"version":2,"bases":{}}', '{"version":1,"bases":{"x":{"digest":"md5:1"}}}']
    ) {
      await Deno.writeTextFile(path, text);
      match(await test.refusal({ base: baseOf(registry) }), /^Cannot read "image\.lock": /);
      strictEqual(await Deno.readTextFile(path), text);
    }
  });
});
