import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ok as success, type Result } from "../../engine/result.ts";
import { readReferrers, withReferrers } from "../../image/referrers.ts";
import { VirtualClock } from "../../tests/support/virtual_clock.ts";
import type { RegistryClient, RegistryRequest } from "./registry_client.ts";
import { sha256 } from "./sha256.ts";
import { type TagMerge, updateTag } from "./update_tag.ts";

/** One tag of a registry that answers after a while, in virtual time. */
class SlowTag {
  readonly clock = new VirtualClock();
  bytes: Uint8Array<ArrayBuffer> | undefined;
  /** The version of the tag, where the registry tells it. */
  version: number | undefined;
  puts = 0;
  readonly #latencyMs: () => number;

  constructor(latencyMs: () => number) {
    this.#latencyMs = latencyMs;
  }

  client(pause: (ms: number) => Promise<void> = (ms) => this.clock.sleep(ms)): RegistryClient {
    return {
      place: { host: "localhost", apiHost: "localhost", schemes: ["http"] },
      repository: "me/web",
      request: (request) => this.#answer(request),
      pause,
      close: () => {},
    };
  }

  async #answer({ body, headers, method }: RegistryRequest): Promise<Result<Response, never>> {
    await this.clock.sleep(this.#latencyMs());
    const { bytes } = this;
    const answer = method === "PUT"
      ? this.#put(body ?? new Uint8Array(), headers?.["if-match"])
      : bytes === undefined
      ? new Response(null, { status: 404 })
      : new Response(bytes, this.version === undefined ? {} : { headers: { etag: `"${this.version}"` } });
    await this.clock.sleep(this.#latencyMs());
    return success(answer);
  }

  #put(bytes: Uint8Array<ArrayBuffer>, ifMatch: string | undefined): Response {
    if (ifMatch !== undefined && ifMatch !== `"${this.version}"`) return new Response(null, { status: 412 });
    this.puts++;
    this.bytes = bytes;
    if (this.version !== undefined) this.version++;
    return new Response(null, { status: 201 });
  }

  names(): readonly string[] {
    const read = readReferrers(this.bytes ?? new Uint8Array());
    ok(read.ok);
    return read.value.map(({ entry }) => String(entry["artifactType"]));
  }
}

/** Adds one entry of this name to a list. */
function adding(name: string): TagMerge {
  return (before) => {
    const list = before === undefined ? success([]) : readReferrers(before);
    if (!list.ok) return list;
    if (list.value.some(({ entry }) => entry["artifactType"] === name)) return success(undefined);
    const digest = `sha256:${sha256(new TextEncoder().encode(name))}`;
    const entry = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest,
      size: 1,
      artifactType: name,
    };
    return success(withReferrers(sha256, list.value, [entry]));
  };
}

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed * 2_654_435_761 % 4_294_967_296;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1);
const WRITERS = ["a", "b", "c"];

/** Three writers who begin within a second, each of whose requests takes up to 0.7 s. */
async function race(seed: number, pauses: "kept" | "left"): Promise<SlowTag> {
  const next = numbers(seed);
  const tag = new SlowTag(() => next() * 350);
  const client = pauses === "kept" ? tag.client() : tag.client(() => Promise.resolve());
  const work = WRITERS.map(async (name) => {
    await tag.clock.sleep(next() * 1000);
    const updated = await updateTag(client, "sha256-0", adding(name));
    ok(updated.ok, updated.ok ? "" : updated.error.message);
  });
  await tag.clock.run(Promise.all(work));
  return tag;
}

Deno.test("6.4 no. 4: T2: whoever adds to a tag at one time, each ends with all of it", async () => {
  for (const seed of SEEDS) {
    deepStrictEqual((await race(seed, "kept")).names().toSorted(), WRITERS, `seed ${seed}`);
  }
});

Deno.test("6.4 no. 4: without the second look something is lost: the race is one", async () => {
  let lost = 0;
  for (const seed of SEEDS) if ((await race(seed, "left")).names().length < WRITERS.length) lost++;
  ok(lost > 0, `${lost} of ${SEEDS.length}`);
});

Deno.test("T1: what others have added stays, and what is there already is not written again", async () => {
  const tag = new SlowTag(() => 1);
  await tag.clock.run(updateTag(tag.client(), "sha256-0", adding("a")));
  await tag.clock.run(updateTag(tag.client(), "sha256-0", adding("b")));
  strictEqual(tag.puts, 2);
  await tag.clock.run(updateTag(tag.client(), "sha256-0", adding("a")));
  deepStrictEqual([tag.names().toSorted(), tag.puts], [["a", "b"], 2]);
});

Deno.test("T3: where the registry tells versions apart, a newer one is never overwritten", async () => {
  const tag = new SlowTag(() => 1);
  tag.version = 1;
  await tag.clock.run(updateTag(tag.client(), "sha256-0", adding("a")));
  let isMeddled = false;
  const meddling: TagMerge = async (before) => {
    if (!isMeddled) {
      isMeddled = true;
      await updateTag(tag.client(() => Promise.resolve()), "sha256-0", adding("other"));
    }
    return await adding("b")(before);
  };
  await tag.clock.run(updateTag(tag.client(), "sha256-0", meddling));
  deepStrictEqual(tag.names().toSorted(), ["a", "b", "other"]);
  // a, other, and b on top of both: nothing was ever put over other.
  strictEqual(tag.puts, 3);
});

Deno.test("a tag that stands for something else is left as it is, and one that others write all the time is told", async () => {
  const tag = new SlowTag(() => 1);
  const other = new TextEncoder().encode('{"mediaType":"application/vnd.oci.image.manifest.v1+json"}');
  tag.bytes = other;
  const refused = await tag.clock.run(updateTag(tag.client(), "sha256-0", adding("a")));
  match(refused.ok ? "" : refused.error.message, /^Cannot add to the tag "sha256-0" of "me\/web": it is /);
  strictEqual(tag.bytes, other);
  const wiped = new SlowTag(() => 1);
  const wiping = wiped.client((ms) => {
    wiped.bytes = undefined;
    return wiped.clock.sleep(ms);
  });
  const endless = await wiped.clock.run(updateTag(wiping, "sha256-0", adding("a")));
  match(endless.ok ? "" : endless.error.message, /others write it all the time$/);
});
