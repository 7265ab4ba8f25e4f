import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { CallFailure } from "../../engine/call_failure.ts";
import type { Result } from "../../engine/result.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import type { LiveObject } from "../provider.ts";
import { failureOf, fieldsOf, quiet, tokenOf, valueOf } from "../test_calls.ts";
import { IMAGE_TYPE as type, type ImageWorld, openImageWorld } from "./_test_images.ts";
import { refused, type TestRegistry } from "./_test_registry.ts";

function create({ provider }: ImageWorld, fields: ValueRecord): Promise<Result<LiveObject, CallFailure>> {
  return provider.create({ type, fields, token: tokenOf(1), accepted: () => {} }, quiet());
}

function update(
  { provider }: ImageWorld,
  seen: LiveObject,
  after: ValueRecord,
): Promise<Result<LiveObject, CallFailure>> {
  const { fields: before, id, precondition } = seen;
  const request = { type, id, before, after, token: tokenOf(2) };
  return provider.update(precondition === undefined ? request : { ...request, precondition }, quiet());
}

async function remove(
  { provider }: ImageWorld,
  seen: LiveObject,
  applied: ValueRecord,
): Promise<CallFailure | undefined> {
  const { id, precondition } = seen;
  const request = { type, id, applied, token: tokenOf(3) };
  const removed = await provider.delete(
    precondition === undefined ? request : { ...request, precondition },
    quiet(),
  );
  return removed.ok ? undefined : removed.error;
}

async function read(
  { provider }: ImageWorld,
  seen: Pick<LiveObject, "id" | "outputs">,
  applied: ValueRecord,
): Promise<LiveObject | undefined> {
  const { id, outputs } = seen;
  return valueOf(await provider.read({ type, id, applied, outputs }, quiet()));
}

/** Where each tag of the repository points. */
function tags({ manifests }: TestRegistry): Readonly<Record<string, string>> {
  const bytes = [...manifests].filter(([name]) => name.startsWith("me/web sha256:"));
  const named = [...manifests].filter(([name]) => !name.includes(" sha256:"));
  return Object.fromEntries(named.map(([name, { bytes: own }]) => {
    const found = bytes.find(([, each]) => String(each.bytes) === String(own));
    return [name.slice("me/web ".length), found?.[0].slice("me/web ".length) ?? ""];
  }));
}

/** The same image with another user: another digest. */
function otherUser(world: ImageWorld, user = "1000:1000"): Promise<ValueRecord> {
  return world.fields({ image: fieldsOf({ base: "scratch", user }) });
}

Deno.test("an image is sent once: bringing it again sends no blob in at most 5 requests", async () => {
  await using world = await openImageWorld();
  const { host, requests } = world.registry;
  const made = valueOf(await create(world, await world.fields()));
  strictEqual(made.id, `${host}/me/web`);
  const digest = String(made.outputs["digest"]);
  strictEqual(made.outputs["ref"], `${host}/me/web@${digest}`);
  deepStrictEqual({ ...tags(world.registry) }, { latest: digest, v1: digest });
  const uploads = requests.filter((each) => each.startsWith("POST")).length;
  requests.length = 0;
  deepStrictEqual(valueOf(await update(world, made, await world.fields())), made);
  strictEqual(uploads, 3);
  deepStrictEqual(requests, [
    "HEAD /v2/me/web/manifests/latest",
    "HEAD /v2/me/web/manifests/v1",
    `HEAD /v2/me/web/manifests/${digest}`,
  ]);
});

Deno.test("4.1: an update moves the tags, and leaves the old digest where it is", async () => {
  await using world = await openImageWorld();
  const made = valueOf(await create(world, await world.fields()));
  const changed = valueOf(await update(world, made, await otherUser(world)));
  const [before, after] = [made, changed].map(({ outputs }) => String(outputs["digest"]));
  ok(before !== after && before !== undefined);
  strictEqual(changed.id, made.id);
  deepStrictEqual({ ...tags(world.registry) }, { latest: after, v1: after });
  ok(world.registry.manifests.has(`me/web ${before}`));
});

Deno.test("4.1: a tag that is not its own is never taken, unless that is asked for", async () => {
  await using world = await openImageWorld();
  valueOf(await create(world, await world.fields()));
  const before = { ...tags(world.registry) };
  const other = await otherUser(world);
  const failure = failureOf(await create(world, other));
  deepStrictEqual([failure.kind, failure.certainty], ["AlreadyExists", "notDone"]);
  match(
    failure.message,
    /^Cannot tag ".*\/me\/web" with "latest": the tag points to sha256:.*, which is not this resource's/,
  );
  deepStrictEqual({ ...tags(world.registry) }, before);
  const forced = record([
    ...Object.entries(other),
    ["publish", fieldsOf({ tags: ["latest", "v1"], force_tags: true })],
  ]);
  const taken = valueOf(await create(world, forced));
  deepStrictEqual({ ...tags(world.registry) }, {
    latest: taken.outputs["digest"],
    v1: taken.outputs["digest"],
  });
});

Deno.test("4.2: a tag that was moved since it was seen stays where it is", async () => {
  await using world = await openImageWorld();
  const made = valueOf(await create(world, await world.fields()));
  const forced = record([
    ...Object.entries(await otherUser(world, "7:7")),
    ["publish", fieldsOf({ tags: ["v1"], force_tags: true })],
  ]);
  const stranger = valueOf(await create(world, forced));
  const before = { ...tags(world.registry) };
  const failure = failureOf(await update(world, made, await otherUser(world)));
  deepStrictEqual([failure.kind, failure.certainty], ["PreconditionFailed", "notDone"]);
  match(failure.message, new RegExp(`its tag "v1" points to ${stranger.outputs["digest"]}; plan again`));
  deepStrictEqual({ ...tags(world.registry) }, before);
  // Seen again, it is drift, and goes back.
  const seen = await read(world, made, await world.fields());
  deepStrictEqual(
    seen?.fields["publish"],
    fieldsOf({ on_destroy: "delete", force_tags: false, tags: ["latest"] }),
  );
  ok(seen !== undefined);
  const healed = valueOf(await update(world, seen, await world.fields()));
  deepStrictEqual(healed, made);
});

Deno.test("4.2: a tag that moves between the look and the move is not moved", async () => {
  let looks = 0;
  const stranger = { bytes: new TextEncoder().encode("{}"), mediaType: "application/json" };
  await using world = await openImageWorld({
    fault: ({ method, url }) => {
      if (method === "HEAD" && url.endsWith("/manifests/latest") && ++looks === 2) {
        world.registry.manifests.set("me/web latest", stranger);
      }
      return undefined;
    },
  });
  const failure = failureOf(await create(world, await world.fields()));
  deepStrictEqual([failure.kind, failure.certainty], ["PreconditionFailed", "notDone"]);
  strictEqual(world.registry.manifests.get("me/web latest"), stranger);
});

Deno.test("6.4 no. 4: what got no answer is settled by a look: there is done, absent is not", async () => {
  for (const arrives of [true, false]) {
    let isLost = true;
    await using world = await openImageWorld({
      fault: async (request) => {
        if (request.method !== "PUT" || !request.url.endsWith("/manifests/v1") || !isLost) return undefined;
        const bytes = new Uint8Array(await request.clone().arrayBuffer());
        const mediaType = request.headers.get("content-type") ?? "";
        if (arrives) world.registry.manifests.set("me/web v1", { bytes, mediaType });
        return "cut";
      },
    });
    const fields = await world.fields();
    const made = await create(world, fields);
    if (arrives) {
      ok(made.ok, made.ok ? "" : made.error.message);
      continue;
    }
    deepStrictEqual([failureOf(made).kind, failureOf(made).certainty], ["Transient", "unknown"]);
    isLost = false;
    // As the engine settles it: by its id, and what was sent.
    const id = `${world.registry.host}/me/web`;
    const found = valueOf(await world.provider.read({ type, id, applied: fields }, quiet()));
    ok(found !== undefined);
    const ended = valueOf(await update(world, found, fields));
    deepStrictEqual({ ...tags(world.registry) }, {
      latest: ended.outputs["digest"],
      v1: ended.outputs["digest"],
    });
    strictEqual([...world.registry.manifests.keys()].filter((each) => each.includes("sha256:")).length, 2);
  }
});

Deno.test("6.4 no. 4: a create that is cut at any request leaves nothing half named, and the next one ends it", async () => {
  let whole = 0;
  {
    await using world = await openImageWorld();
    valueOf(await create(world, await world.fields()));
    whole = world.registry.requests.length;
  }
  for (let at = 1; at <= whole; at++) {
    let isCut = true;
    await using world = await openImageWorld({
      fault: (_, count) => isCut && count >= at ? refused(403, "DENIED") : undefined,
    });
    const fields = await world.fields();
    const failure = failureOf(await create(world, fields));
    strictEqual(failure.kind, "Denied", `cut at ${at}: ${failure.message}`);
    isCut = false;
    const made = valueOf(await create(world, fields));
    strictEqual([...world.registry.manifests.keys()].filter((each) => each.includes("sha256:")).length, 2);
    deepStrictEqual({ ...tags(world.registry) }, {
      latest: made.outputs["digest"],
      v1: made.outputs["digest"],
    });
  }
});

Deno.test("4.1: what is gone is read as gone, and is not updated", async () => {
  await using world = await openImageWorld();
  const made = valueOf(await create(world, await world.fields()));
  strictEqual(await remove(world, made, await world.fields()), undefined);
  deepStrictEqual([...world.registry.manifests.keys()].filter((each) => each.includes("latest")), []);
  strictEqual(await read(world, made, await world.fields()), undefined);
  const failure = failureOf(await update(world, made, await otherUser(world)));
  deepStrictEqual([failure.kind, failure.certainty], ["NotFound", "notDone"]);
  strictEqual(await remove(world, made, await world.fields()), undefined);
});

Deno.test("4.1: a deletion keeps, takes off its tags, or removes, as on_destroy says", async () => {
  for (const rule of ["keep", "untag", "delete"] as const) {
    await using world = await openImageWorld();
    const publish = fieldsOf({ tags: ["latest", "v1"], on_destroy: rule, force_tags: false });
    const fields = await world.fields({ publish });
    const made = valueOf(await create(world, fields));
    world.registry.requests.length = 0;
    strictEqual(await remove(world, made, fields), undefined);
    const digest = `me/web ${made.outputs["digest"]}`;
    strictEqual(world.registry.manifests.has(digest), rule !== "delete", rule);
    deepStrictEqual(Object.keys(tags(world.registry)), rule === "keep" ? ["latest", "v1"] : [], rule);
    if (rule === "keep") deepStrictEqual(world.registry.requests, []);
    strictEqual(await remove(world, made, fields), undefined);
  }
});

Deno.test("4.1: a registry that takes no tags off says so, and nothing counts as done", async () => {
  await using world = await openImageWorld({
    fault: ({ method }) => method === "DELETE" ? refused(400, "DIGEST_INVALID") : undefined,
  });
  const fields = await world.fields({ publish: fieldsOf({ tags: ["v1"], on_destroy: "untag" }) });
  const made = valueOf(await create(world, fields));
  const failure = await remove(world, made, fields);
  deepStrictEqual([failure?.kind, failure?.certainty], ["ConstraintViolated", "notDone"]);
  match(failure?.message ?? "", /answered 400, DIGEST_INVALID: .*; this registry does not support it$/);
});

Deno.test("4.1: an image that is imported is known by its documents", async () => {
  await using world = await openImageWorld();
  const made = valueOf(await create(world, await world.fields()));
  const id = `${made.id}@${made.outputs["digest"]}`;
  const found = valueOf(await world.provider.read({ type, id, applied: record() }, quiet()));
  strictEqual(found?.id, id);
  deepStrictEqual(found?.outputs["platforms"], made.outputs["platforms"]);
  deepStrictEqual(found?.outputs["ref"], made.outputs["ref"]);
  strictEqual(found?.outputs["input_hash"], null);
  const none = `${made.id}@sha256:${"0".repeat(64)}`;
  strictEqual(valueOf(await world.provider.read({ type, id: none, applied: record() }, quiet())), undefined);
});

Deno.test("4.2: what is built is what was planned: a program that changed since is refused", async () => {
  await using world = await openImageWorld();
  const fields = await world.fields();
  await Deno.writeFile(join(world.folder, "web"), new Uint8Array(100));
  const failure = failureOf(await create(world, fields));
  deepStrictEqual([failure.kind, failure.certainty], ["PreconditionFailed", "notDone"]);
  strictEqual(failure.message, "Cannot build the image: the sources changed since the plan; plan again");
  deepStrictEqual(world.registry.requests, []);
});

Deno.test("what was built here is brought without a build, as a rollback does", async () => {
  await using world = await openImageWorld();
  const first = await world.fields();
  const made = valueOf(await create(world, first));
  const changed = valueOf(await update(world, made, await otherUser(world)));
  await Deno.remove(join(world.folder, "web"));
  const back = valueOf(await update(world, changed, first));
  deepStrictEqual(back, made);
});
