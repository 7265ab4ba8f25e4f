/** What a push of a large image costs in memory. */
import { createHash, type Hash } from "node:crypto";
import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { peakBytes, PRELOAD_PEAK } from "./harness/peak_memory.ts";
import { smeltArgs, smeltEnv } from "./harness/smelt_process.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const CHUNK_BYTES = 4 * 2 ** 20;
const GIBIBYTE = 2 ** 30;
const BUDGET_BYTES = 200e6;
const OCI = "application/vnd.oci.image";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Writes a layout whose one image has one layer of that many bytes, of which no part comes twice. */
async function largeLayout(folder: string, layerBytes: number): Promise<void> {
  const blobs = join(folder, "blobs/sha256");
  await Deno.mkdir(blobs, { recursive: true });
  const hash = createHash("sha256");
  const draft = join(folder, "layer");
  using file = await Deno.open(draft, { write: true, create: true });
  const chunk = crypto.getRandomValues(new Uint8Array(65_536));
  const bytes = new Uint8Array(CHUNK_BYTES);
  for (let at = 0; at < CHUNK_BYTES; at += chunk.length) bytes.set(chunk, at);
  for (let written = 0; written < layerBytes; written += CHUNK_BYTES) {
    new DataView(bytes.buffer).setUint32(0, written / CHUNK_BYTES);
    hash.update(bytes);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  }
  const layer = { mediaType: `${OCI}.layer.v1.tar`, digest: `sha256:${hex(hash)}`, size: layerBytes };
  await Deno.rename(draft, join(blobs, layer.digest.slice(7)));
  const keep = async (mediaType: string, json: unknown): Promise<Descriptor> => {
    const text = new TextEncoder().encode(JSON.stringify(json));
    const digest = `sha256:${hex(createHash("sha256").update(text))}`;
    await Deno.writeFile(join(blobs, digest.slice(7)), text);
    return { mediaType, digest, size: text.length };
  };
  const rootfs = { type: "layers", diff_ids: [layer.digest] };
  const config = await keep(`${OCI}.config.v1+json`, {
    architecture: "amd64",
    os: "linux",
    config: {},
    rootfs,
  });
  const mediaType = `${OCI}.manifest.v1+json`;
  const manifest = await keep(mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] });
  const platform = { architecture: "amd64", os: "linux" };
  const index = `${OCI}.index.v1+json`;
  const image = await keep(index, {
    schemaVersion: 2,
    mediaType: index,
    manifests: [{ ...manifest, platform }],
  });
  const annotations = { "org.opencontainers.image.ref.name": "v1" };
  const top = { schemaVersion: 2, mediaType: index, manifests: [{ ...image, annotations }] };
  await Deno.writeTextFile(join(folder, "index.json"), JSON.stringify(top));
  await Deno.writeTextFile(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
}

function hex(hash: Hash): string {
  return hash.digest("hex");
}

/** Runs the program under a shell: what starts one counts what its own parent held as its own memory. */
async function pushed(
  { place }: TestProject,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly peak: number }> {
  const program = [Deno.execPath(), ...smeltArgs(place, args, { flags: [PRELOAD_PEAK] })];
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", '"$@"; exit "$?"', "sh", ...program],
    cwd: place.workingFolder,
    clearEnv: true,
    env: smeltEnv(place, {}),
  }).output();
  const told = new TextDecoder().decode(stderr);
  strictEqual(code, 0, told);
  return { stdout: new TextDecoder().decode(stdout), peak: peakBytes(told) };
}

foreignTest(
  ["docker-registry"],
  "a layer of 1 GiB is sent in less than 200 MB of memory, and not a second time",
  async (tools) => {
    await using project = await emptyProject();
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    await largeLayout(join(project.root, "large"), GIBIBYTE);
    const push = ["image", "push", "large:v1", `${registry.host}/team/large:v1`, "--json"];
    for (const sentBlobs of [2, 0]) {
      const { stdout, peak } = await pushed(project, push);
      strictEqual(JSON.parse(stdout).sent_blobs, sentBlobs);
      ok(peak < BUDGET_BYTES, `${Math.round(peak / 1e6)} MB`);
    }
  },
);
