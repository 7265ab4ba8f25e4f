/** What hostile hands put into arguments, bases and helpers of images. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { delimiter, join } from "node:path";
import { gzipSync } from "node:zlib";
import { credentialSources } from "../providers/oci/credential_sources.ts";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { runInside } from "./harness/inner_program.ts";
import { emptyProject, type TestProject } from "./harness/test_project.ts";

const BUILD = [
  "image",
  "build",
  "--no-sign",
  "--name",
  "web",
  "--binary",
  "linux/amd64=web",
  "--layout",
  "out",
];

async function programProject(): Promise<TestProject> {
  const project = await emptyProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  return project;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
}

Deno.test("6.4 no. 11: what could lead elsewhere, or be taken for another argument, is refused in every option, and nothing is written", async () => {
  await using project = await programProject();
  const evil = ["a;id", "a\nb", "$(id)", "../x", "-x", "a b", "\u001b[2J", ""];
  const options: readonly (readonly [option: string, more?: readonly string[]])[] = [
    ["--tag"],
    ["--name"],
    ["--platform"],
    ["--repo", ["--no-push"]],
    ["--user"],
    ["--port"],
    ["--env"],
    ["--base"],
    ["--stop-signal"],
    ["--workdir"],
    ["--sbom"],
    ["--link"],
    ["--builder-id", ["--sign", "none"]],
  ];
  const before = await namesIn(project.root);
  for (const [option, more = []] of options) {
    for (const text of evil) {
      // A signal is whatever the base's system calls so.
      if (option === "--stop-signal" && !/\p{Cc}/u.test(text)) continue;
      const { code, stderr, stdout } = await runInside(project, [...BUILD, ...more, `${option}=${text}`]);
      const said = `${option}=${JSON.stringify(text)} ended with ${code}: ${stdout}${stderr}`;
      ok(code !== 0 && stdout === "", said);
      match(stderr, /^error: Cannot use "/, said);
      ok(!stderr.includes("\u001b") && !/\bat \S+\.ts:/.test(stderr), said);
    }
  }
  deepStrictEqual(await namesIn(project.root), before);
  deepStrictEqual((await runInside(project, BUILD)).code, 0);
});

/** An entry of an archive, as GNU tar writes it: any name, type and target. */
function entry(name: string, type: string, { content = "", link = "" } = {}): Uint8Array {
  const header = new Uint8Array(512);
  const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${content.length.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, type);
  put(157, link);
  put(257, "ustar\u000000");
  put(148, `${header.reduce((sum, each) => sum + each, 0).toString(8).padStart(6, "0")}\0 `);
  const body = new Uint8Array(Math.ceil(content.length / 512) * 512);
  body.set(new TextEncoder().encode(content));
  return new Uint8Array([...header, ...body]);
}

Deno.test("6.4 no. 11: a layer of a base that leads out is passed on as it is, and nothing of it is unpacked anywhere", async () => {
  await using project = await programProject();
  const archive = new Uint8Array([
    ...entry("../../escaped", "0", { content: "out" }),
    ...entry("/absolute-escape", "0", { content: "out" }),
    ...entry("link", "2", { link: "/etc" }),
    ...entry("link/escaped", "0", { content: "through" }),
    ...entry("disk", "4"),
    ...entry("hard", "1", { link: "../../../etc/passwd" }),
    ...new Uint8Array(1024),
  ]);
  const blobs = new Map<string, Uint8Array>();
  const put = (mediaType: string, bytes: Uint8Array) => {
    const hex = createHash("sha256").update(bytes).digest("hex");
    blobs.set(hex, bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (type: string, value: unknown) =>
    put(`application/vnd.oci.image.${type}.v1+json`, new TextEncoder().encode(JSON.stringify(value)));
  const diffId = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
  const layer = put("application/vnd.oci.image.layer.v1.tar+gzip", new Uint8Array(gzipSync(archive)));
  const platform = { architecture: "amd64", os: "linux" };
  const config = json("config", { ...platform, config: {}, rootfs: { type: "layers", diff_ids: [diffId] } });
  const manifest = json("manifest", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config,
    layers: [layer],
  });
  for (const [hex, bytes] of blobs) {
    await project.write(`base/blobs/sha256/${hex}`, "");
    await Deno.writeFile(join(project.root, `base/blobs/sha256/${hex}`), bytes);
  }
  await project.write("base/oci-layout", '{"imageLayoutVersion":"1.0.0"}');
  await project.write(
    "base/index.json",
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, platform }] }),
  );
  const above = join(project.root, "..");
  const before = await namesIn(above);
  const built = await runInside(project, [...BUILD, "--base", "oci-layout:base"]);
  deepStrictEqual(built.code, 0, built.stderr);
  const kept = await Deno.readFile(join(project.root, `out/blobs/sha256/${layer.digest.slice(7)}`));
  deepStrictEqual(kept, blobs.get(layer.digest.slice(7)));
  deepStrictEqual(
    (await namesIn(above)).filter((name) => !before.includes(name) && name.includes("escape")),
    [],
  );
  deepStrictEqual(await namesIn(project.root), ["base", "out", "web"]);
  deepStrictEqual((await runInside(project, ["image", "inspect", "out"])).code, 0);
});

Deno.test("6.4 no. 10: a helper of credentials that hangs, and what it started, are not waited for", async () => {
  const folder = await Deno.makeTempDir();
  const helper = join(folder, "docker-credential-slow");
  await Deno.writeTextFile(helper, "#!/bin/sh\nsleep 3\necho late\n", { mode: 0o755 });
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", [folder, path].join(delimiter));
  try {
    const sources = credentialSources(() => undefined, 50);
    const started = performance.now();
    const ran = await sources.run("docker-credential-slow", ["get"], "ghcr.io");
    deepStrictEqual(ran, { ok: true, value: { success: false, stdout: "" } });
    ok(performance.now() - started < 2000);
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(folder, { recursive: true });
  }
});
