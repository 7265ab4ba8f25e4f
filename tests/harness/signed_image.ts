import { join } from "node:path";
import { tinyProgram } from "../../providers/oci/_test_program.ts";
import { expectInside } from "./inner_program.ts";
import { newProject, type TestProject } from "./test_project.ts";

/** Without bills of materials, which have tests of their own: what is counted here is what is signed of the image. */
export const BUILD = [
  "image",
  "build",
  "--sbom",
  "none",
  "--name",
  "web",
  "--binary",
  "linux/amd64=web",
  "--layout",
  "out",
  "--tag",
  "v1",
];

/** The type of a provenance. */
export const PROVENANCE = "https://slsa.dev/provenance/v1";

/** A project with a key, a program, and the public half of the key in `pub.pem`. */
export async function projectWithKey(): Promise<TestProject> {
  const project = await newProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  await project.write("pub.pem", await pemOf(project, "local"));
  return project;
}

/** The public half of a key, in PEM. */
export async function pemOf(project: TestProject, name: string): Promise<string> {
  return (await expectInside(project, 0, ["keys", "export", name, "--pem"])).stdout;
}

/** Builds `out` under the tag v1; gives its digest. */
export async function built(project: TestProject, ...more: readonly string[]): Promise<string> {
  return (await expectInside(project, 0, [...BUILD, ...more])).stdout.trim();
}

/** The statements of a kind in a layout. */
export async function statements(
  project: TestProject,
  predicateType: string,
): Promise<readonly ReturnType<JSON["parse"]>[]> {
  const found: ReturnType<JSON["parse"]>[] = [];
  for (const entry of JSON.parse(await project.read("out/index.json")).manifests) {
    if (entry.annotations?.["dev.sigstore.bundle.predicateType"] !== predicateType) continue;
    const { layers } = JSON.parse(await project.read(blob(entry.digest)));
    const { dsseEnvelope } = JSON.parse(await project.read(blob(layers[0].digest)));
    found.push(JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(dsseEnvelope.payload))));
  }
  return found;
}

/** Takes statements of these kinds away. */
export async function stripped(project: TestProject, kinds: readonly string[]): Promise<void> {
  const index = JSON.parse(await project.read("out/index.json"));
  index.manifests = index.manifests.filter((each: { annotations?: Record<string, string> }) =>
    !kinds.includes(each.annotations?.["dev.sigstore.bundle.predicateType"] ?? "")
  );
  await project.write("out/index.json", JSON.stringify(index));
}

/** The file of a blob. */
export function blob(digest: string): string {
  return `out/blobs/sha256/${digest.slice("sha256:".length)}`;
}
