import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { MEDIA_TYPES } from "../../image/media_type.ts";
import type { ImageCheck, ImagePolicy } from "../image_trust.ts";
import { type TestFolder, testFolder } from "./_test_image.ts";
import { refused, type RegistryRules, startRegistry, type TestRegistry } from "./_test_registry.ts";
import { testAttest, testSigner } from "../../tests/support/image_signer.ts";

type Signer = Awaited<ReturnType<typeof testSigner>>;

function policy(signer: Signer, changes: Partial<ImagePolicy> = {}): ImagePolicy {
  const keys = [{ key: signer.key, builders: [] }];
  return { keys, require: ["signature", "provenance"], sources: [], refs: [], bases: [], ...changes };
}

async function push(test: TestFolder, registry: TestRegistry) {
  const to = `${registry.host}/me/web:v1`;
  return await test.tools.push({ layout: "out", tag: "v1", to, tags: [], insecure: [], caFile: undefined });
}

async function pushed(test: TestFolder, registry: TestRegistry) {
  const result = await push(test, registry);
  ok(result.ok, result.ok ? "" : result.error.message);
  return result.value;
}

async function verify(test: TestFolder, registry: TestRegistry, asked: ImagePolicy) {
  const place = { kind: "registry", reference: `${registry.host}/me/web:v1` } as const;
  return await test.tools.verify({
    place,
    policy: asked,
    insecure: [],
    caFile: undefined,
    rebuilt: undefined,
    audit: undefined,
  });
}

async function checksOf(
  test: TestFolder,
  registry: TestRegistry,
  asked: ImagePolicy,
): Promise<readonly ImageCheck[]> {
  const judgement = await verify(test, registry, asked);
  ok(judgement.ok, judgement.ok ? "" : judgement.error.message);
  return judgement.value.checks;
}

function failing(checks: readonly ImageCheck[]): readonly string[] {
  return checks.filter(({ outcome }) => outcome === "failed" || outcome === "altered").map(({ code }) =>
    code
  );
}

/** A list of what names `subject`, as registries that keep one make it of what they hold. */
function referrersOf(registry: TestRegistry, subject: string): readonly Record<string, unknown>[] {
  return [...registry.manifests].flatMap(([name, { bytes, mediaType }]) => {
    const json = JSON.parse(new TextDecoder().decode(bytes));
    const digest = name.split(" ")[1] ?? "";
    return json.subject?.digest === subject && digest.startsWith("sha256:")
      ? [{ mediaType, digest, size: bytes.length, artifactType: json.artifactType }]
      : [];
  });
}

/** A registry that keeps lists, `perPage` entries a page. */
function startListing(
  perPage: number,
  link = (next: string) => `<${next}>; rel="next"`,
  more: RegistryRules = {},
): TestRegistry {
  const registry: TestRegistry = startRegistry({
    fault: async (request, count) => {
      const { pathname, searchParams } = new URL(request.url);
      const subject = /\/referrers\/(sha256:[0-9a-f]+)$/.exec(pathname)?.[1];
      if (subject === undefined) return await more.fault?.(request, count);
      const from = Number(searchParams.get("from") ?? 0);
      const all = referrersOf(registry, subject);
      const next: Record<string, string> = from + perPage < all.length
        ? { link: link(`${pathname}?from=${from + perPage}`) }
        : {};
      const manifests = all.slice(from, from + perPage);
      return Response.json({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests }, {
        headers: { "content-type": MEDIA_TYPES.index, ...next },
      });
    },
  });
  return registry;
}

Deno.test("attachments go beside the image: under a tag where the registry keeps no list, and nowhere else where it does", async () => {
  const signer = await testSigner();
  for (const start of [startRegistry, () => startListing(10)]) {
    await using test = await testFolder();
    await using registry = start();
    const digest = await test.build({ attest: testAttest(signer) });
    const { heldAttachments, sentAttachments } = await pushed(test, registry);
    deepStrictEqual([sentAttachments, heldAttachments], [2, 0]);
    const tag = `me/web sha256-${digest.slice("sha256:".length)}`;
    strictEqual(registry.manifests.has(tag), start === startRegistry);
    deepStrictEqual(failing(await checksOf(test, registry, policy(signer))), []);
    registry.requests.length = 0;
    const again = await pushed(test, registry);
    deepStrictEqual([again.sentAttachments, again.heldAttachments], [0, 2]);
    ok(registry.requests.every((each) => /^(?:GET|HEAD) /.test(each)), registry.requests.join("\n"));
  }
});

Deno.test("a list of several pages is read to its end", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  await using registry = startListing(1);
  await test.build({ attest: testAttest(signer) });
  await pushed(test, registry);
  deepStrictEqual(failing(await checksOf(test, registry, policy(signer))), []);
  deepStrictEqual((await pushed(test, registry)).heldAttachments, 2);
});

Deno.test("6.4 no. 10: a list leads to no place with a password, and ends though it never says so", async () => {
  const signer = await testSigner();
  const links = [
    [(next: string) => `<http://a:b@localhost${next}>; rel="next"`, /it holds a user name or a password/],
    [() => `<?from=0>; rel="next"`, /there are more than 1000 documents/],
  ] as const;
  for (const [link, message] of links) {
    await using test = await testFolder();
    await using registry = startListing(1, link);
    await test.build({ attest: testAttest(signer) });
    const result = await push(test, registry);
    match(result.ok ? "" : result.error.message, message);
  }
});

Deno.test("6.4 no. 4: a push that is cut at any request leaves no attachment unlisted, once the next one has ended", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  await test.build({ attest: testAttest(signer, { cosignTags: "written" }) });
  for (let cut = 1;; cut++) {
    let isOff = false;
    await using registry = startRegistry({
      fault: (_, count) => !isOff && count >= cut ? refused(403, "DENIED") : undefined,
    });
    const first = await push(test, registry);
    if (first.ok) {
      ok(cut > 20, `${cut}`);
      break;
    }
    isOff = true;
    await pushed(test, registry);
    deepStrictEqual(failing(await checksOf(test, registry, policy(signer))), [], `cut at ${cut}`);
    const again = await pushed(test, registry);
    deepStrictEqual([again.sentAttachments, again.heldAttachments], [0, 4], `cut at ${cut}`);
  }
});

Deno.test("what others attach, though it is no statement at all, keeps nobody from verifying", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  await using registry = startRegistry();
  const digest = await test.build({ attest: testAttest(signer) });
  await pushed(test, registry);
  const name = `me/web sha256-${digest.slice("sha256:".length)}`;
  const list = JSON.parse(new TextDecoder().decode(registry.manifests.get(name)?.bytes));
  const rubbish = ["no json", "{}", JSON.stringify({ config: {}, layers: [], subject: { digest } })];
  for (const text of rubbish) list.manifests.push(await put(registry, text));
  list.manifests.push({ mediaType: MEDIA_TYPES.manifest, digest: `sha256:${"0".repeat(64)}`, size: 2 });
  registry.manifests.set(name, {
    bytes: new TextEncoder().encode(JSON.stringify(list)),
    mediaType: MEDIA_TYPES.index,
  });
  deepStrictEqual(failing(await checksOf(test, registry, policy(signer))), []);
});

Deno.test("6.4 no. 11: a registry that changes a statement, or serves another in its place, is caught", async () => {
  const signer = await testSigner();
  await using test = await testFolder();
  await using registry = startRegistry();
  await test.build({ attest: testAttest(signer) });
  await pushed(test, registry);
  for (const [digest, bytes] of registry.blobs) {
    if (!new TextDecoder().decode(bytes).includes("dsseEnvelope")) continue;
    registry.blobs.set(digest, bytes.map((byte, at) => at === 40 ? byte ^ 1 : byte));
  }
  const judgement = await verify(test, registry, policy(signer));
  deepStrictEqual(judgement.ok ? "" : judgement.error.kind, "damage");
  match(
    judgement.ok ? "" : judgement.error.message,
    /^Cannot read the blob sha256:.* it has the digest sha256:/,
  );
});

async function put(registry: TestRegistry, text: string) {
  const bytes = new TextEncoder().encode(text);
  const digest = `sha256:${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}`;
  registry.manifests.set(`me/web ${digest}`, { bytes, mediaType: MEDIA_TYPES.manifest });
  return { mediaType: MEDIA_TYPES.manifest, digest, size: bytes.length };
}
