import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { PushedImage } from "../image_tools.ts";
import { type TestFolder, testFolder } from "./_test_image.ts";
import { refused, startRegistry, type TestRegistry } from "./_test_registry.ts";

const PLACE = { layout: "out", tag: "v1", tags: [], insecure: [], caFile: undefined } as const;

async function pushed(test: TestFolder, { host }: TestRegistry, tag = "v1"): Promise<PushedImage> {
  const result = await test.tools.push({ ...PLACE, to: `${host}/me/web:${tag}` });
  ok(result.ok, result.ok ? "" : result.error.message);
  return result.value;
}

async function refusal(test: TestFolder, { host }: TestRegistry): Promise<string> {
  const result = await test.tools.push({ ...PLACE, to: `${host}/me/web:v1` });
  return result.ok ? "" : result.error.message;
}

/** A registry names nothing that it does not hold. */
function requireWhole({ blobs, manifests }: TestRegistry): void {
  const digests = new Set([...blobs.keys(), ...[...manifests.keys()].map((name) => name.split(" ")[1])]);
  for (const { bytes } of manifests.values()) {
    const named = new TextDecoder().decode(bytes).matchAll(/"digest":"(sha256:[0-9a-f]{64})"/g);
    for (const [, digest] of named) ok(digests.has(digest ?? ""), digest);
  }
}

Deno.test("push sends blobs, then manifests, the index last, then the tags; a second push sends no blob in 2 requests", async () => {
  await using test = await testFolder();
  await using registry = startRegistry();
  const digest = await test.build();
  deepStrictEqual(await pushed(test, registry), {
    reference: `${registry.host}/me/web@${digest}`,
    tags: ["v1"],
    sentBlobs: 3,
    heldBlobs: 0,
    sentAttachments: 0,
    heldAttachments: 0,
  });
  strictEqual(registry.manifests.get("me/web v1"), registry.manifests.get("me/web v1"));
  requireWhole(registry);
  const puts = registry.requests.filter((each) => each.startsWith("PUT")).map((each) =>
    each.split("/").at(-2)
  );
  deepStrictEqual(puts, ["uploads", "uploads", "uploads", "manifests", "manifests", "manifests"]);
  registry.requests.length = 0;
  const again = await pushed(test, registry);
  deepStrictEqual([again.sentBlobs, again.heldBlobs], [0, 3]);
  deepStrictEqual(registry.requests, [`HEAD /v2/me/web/manifests/${digest}`, "HEAD /v2/me/web/manifests/v1"]);
});

Deno.test("6.4 no. 4: a push that is cut at any request leaves nothing half named, and the next one ends it", async () => {
  await using test = await testFolder();
  await test.build();
  let whole = 0;
  {
    await using registry = startRegistry();
    await pushed(test, registry);
    whole = registry.requests.length;
  }
  for (let at = 1; at <= whole; at++) {
    let isCut = true;
    await using registry = startRegistry({
      fault: (_, count) => isCut && count >= at ? refused(403, "DENIED") : undefined,
    });
    match(await refusal(test, registry), /answered 403, (?:DENIED: denied|not allowed)$/, `cut at ${at}`);
    requireWhole(registry);
    isCut = false;
    await pushed(test, registry);
    requireWhole(registry);
    strictEqual(registry.manifests.size, 3);
  }
});

Deno.test("6.4 no. 4: no answer, too many requests and errors of the server are tried again, after the pause that was asked for", async () => {
  await using test = await testFolder();
  await test.build();
  for (
    const fault of [() => "cut" as const, () => refused(503, "UNAVAILABLE"), () => refused(500, "UNKNOWN")]
  ) {
    const tries = new Map<string, number>();
    await using registry = startRegistry({
      fault: ({ method, url }) => {
        const count = (tries.get(`${method} ${url}`) ?? 0) + 1;
        tries.set(`${method} ${url}`, count);
        return count <= 3 ? fault() : undefined;
      },
    });
    await pushed(test, registry);
    requireWhole(registry);
  }
  test.clock.sleptMs.length = 0;
  await using registry = startRegistry({
    fault: (_, count) => count === 1 ? refused(429, "TOOMANYREQUESTS", { "retry-after": "7" }) : undefined,
  });
  await pushed(test, registry);
  deepStrictEqual(test.clock.sleptMs, [7000]);
  await using down = startRegistry({ fault: () => refused(503, "UNAVAILABLE") });
  match(await refusal(test, down), /^Cannot look for sha256:.* answered 503$/);
  strictEqual(down.requests.length, 4);
});

Deno.test("what may never be sent again is not: a refusal ends the push at once", async () => {
  await using test = await testFolder();
  await test.build();
  for (const status of [400, 403, 404, 405]) {
    await using registry = startRegistry({
      fault: (request) => request.method === "POST" ? refused(status, "NO") : undefined,
    });
    match(await refusal(test, registry), new RegExp(`^Cannot send the blob .* answered ${status}, NO: no$`));
    strictEqual(registry.requests.filter((each) => each.startsWith("POST")).length, 3);
  }
});

Deno.test("6.4 no. 10: a registry cannot lead an upload into a private network, to another scheme, or out of it", async () => {
  await using test = await testFolder();
  await test.build();
  const locations = [["ftp://127.0.0.1/x", /leads to "ftp:"/], [
    "http://u:p@127.0.0.1/x",
    /holds a user name/,
  ]] as const;
  for (const [location, wanted] of locations) {
    await using registry = startRegistry({
      fault: (request) =>
        request.method === "POST" ? new Response(null, { status: 202, headers: { location } }) : undefined,
    });
    match(await refusal(test, registry), wanted);
  }
});

Deno.test("a registry that takes other bytes than were sent is caught", async () => {
  await using test = await testFolder();
  await test.build();
  const other = { "docker-content-digest": `sha256:${"0".repeat(64)}` };
  await using blobs = startRegistry({
    fault: (request) =>
      request.method === "PUT" && request.url.includes("/uploads/")
        ? new Response(null, { status: 201, headers: other })
        : undefined,
  });
  match(await refusal(test, blobs), /it was taken as sha256:0{64}$/);
  await using manifests = startRegistry({
    fault: (request) =>
      request.method === "PUT" && request.url.includes("/manifests/")
        ? new Response(null, { status: 201, headers: other })
        : undefined,
  });
  match(await refusal(test, manifests), /it was taken as sha256:0{64}, and is sha256:/);
});

Deno.test("a damaged layout is not sent", async () => {
  await using test = await testFolder();
  await test.build();
  const facts = await test.tools.inspect({ layout: "out", tag: "v1" });
  ok(facts.ok);
  const layer = facts.value.platforms[0]?.layers[1]?.digest.slice(7) ?? "";
  const path = join(test.folder, "out/blobs/sha256", layer);
  const bytes = await Deno.readFile(path);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await Deno.writeFile(path, bytes);
  await using registry = startRegistry();
  match(await refusal(test, registry), /^Cannot trust the blob sha256:/);
  deepStrictEqual([...registry.manifests.keys()], []);
});

Deno.test("a large layer goes in pieces, which begin anew when the registry has lost the upload", async () => {
  await using test = await testFolder();
  const large = new Uint8Array(20 * 1024 * 1024);
  for (let at = 0; at < large.length; at += 65_536) crypto.getRandomValues(large.subarray(at, at + 65_536));
  await Deno.writeFile(join(test.folder, "large"), large);
  await test.build({ files: [{ from: "large", to: "/large" }] });
  let lost = 0;
  await using registry = startRegistry({
    fault: (request) =>
      request.method === "PATCH" && ++lost === 2 ? refused(416, "RANGE_INVALID") : undefined,
  });
  await pushed(test, registry);
  requireWhole(registry);
  const patches = registry.requests.filter((each) => each.startsWith("PATCH")).length;
  // One that was taken and one that was not, then the six that the layer has.
  strictEqual(patches, 8);
});

Deno.test("push says what is wrong with where it is to go", async () => {
  await using test = await testFolder();
  await test.build();
  const told = async (to: string, tags: readonly string[] = []) => {
    const result = await test.tools.push({ ...PLACE, to, tags });
    return result.ok ? "" : result.error.message;
  };
  match(await told("Upper/Case"), /^Cannot send to "Upper\/Case": its name is "Upper\/Case", wanted/);
  match(
    await told(`localhost:1/a@sha256:${"0".repeat(64)}`),
    /a digest says what an image is, not where it goes/,
  );
  match(await told("localhost:1/a", ["-x"]), /^Cannot use the tag "-x"/);
  match(await told("localhost:1/a"), /^Cannot look for sha256:.*"localhost:1" did not answer/);
});
