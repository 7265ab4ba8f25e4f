/** What becomes of files of YAML where a registry is real, asks who is there, or does not answer, and where cargo builds. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startRegistry, type TestRegistry } from "../providers/oci/_test_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { GUARDS, startGuardedRegistry } from "./harness/guarded_registry.ts";
import { imageOf, imageProject, stubFolder } from "./harness/resolved_images.ts";
import { emptyProject } from "./harness/test_project.ts";

Deno.test("4.9: an interrupt ends a push that a registry does not answer, and leaves nothing on standard output or in the folders for builds", async () => {
  const ended = Promise.withResolvers<Response>();
  await using registry = startRegistry({
    fault: ({ method }) => method === "POST" ? ended.promise : undefined,
  });
  await using project = await imageProject(registry);
  await project.write("a.yaml", "image: image://./app\n");
  const running = project.start(["image", "resolve", "-f", "a.yaml"]);
  while (!registry.requests.some((each) => each.startsWith("POST"))) await registry.heard();
  running.kill("SIGINT");
  const { code, stderr, stdout } = await running.ended();
  ended.resolve(new Response(null, { status: 500 }));
  deepStrictEqual([code, stdout], [1, ""]);
  match(stderr, /^error: Cannot send the blob sha256:.*: it was interrupted$/m);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(join(project.place.stateFolder, "cache/builds"))), []);
});

for (const guard of GUARDS) {
  foreignTest(
    ["docker-registry"],
    `6.4 no. 3: image resolve and image apply send to a real registry with ${guard}, a second time no blob, and prune deletes there`,
    async (tools) => {
      await using project = await emptyProject();
      await using registry = await startGuardedRegistry(
        tools["docker-registry"],
        guard,
        join(project.root, "guard"),
      );
      const { env: signed, host, options } = registry;
      await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
      const toml = `[project]\nname = "x"\n[image]\nrepo = "${host}/team"\n`;
      await project.write("smelt.toml", `${toml}[image.programs.app]\n"linux/amd64" = "web"\n`);
      await project.write("a.yaml", "image: image://app # x\n");
      const resolve = ["image", "resolve", "-f", "a.yaml", ...options];
      const none = join(project.root, "none");
      const nobody = { DOCKER_CONFIG: none, XDG_RUNTIME_DIR: none };
      const mayLook = [`--allow-read=${Deno.env.get("HOME")}/.config/containers/auth.json`];
      const flags = ["--allow-run=kubectl"];
      if (guard === "htpasswd" || guard === "token") {
        const refused = await project.expect(1, resolve, { env: nobody, flags: mayLook });
        strictEqual(refused.stdout, "");
        match(refused.stderr, /answered 401(.|\n)*for image:\/\/app, at a\.yaml:1:8/);
      }
      if (guard === "TLS") {
        const refused = await project.expect(1, ["image", "resolve", "-f", "a.yaml"]);
        strictEqual(refused.stdout, "");
        match(refused.stderr, /^error: Cannot look for (.|\n)*for image:\/\/app, at a\.yaml:1:8/);
      }
      const resolved = await project.expect(0, resolve, { env: signed });
      match(resolved.stdout, new RegExp(`^image: "${host}/team/app@sha256:[0-9a-f]{64}" # x\n$`));
      const path = `${await stubFolder(project, 3)}:/usr/bin:/bin`;
      const apply = ["image", "apply", "-f", "a.yaml", ...options];
      await project.expect(3, apply, { env: { ...signed, PATH: path }, flags });
      strictEqual(await project.read("input.yaml"), resolved.stdout);
      const again = await project.expect(0, ["image", "build", "app", "--json", ...options], { env: signed });
      const { digest, reference, sent_blobs } = JSON.parse(again.stdout);
      deepStrictEqual([`image: "${reference}" # x\n`, sent_blobs], [resolved.stdout, 0]);
      for (const { stderr, stdout } of [resolved, again]) ok(!`${stderr}${stdout}`.includes("canary"));

      const prune = ["image", "prune", "--repository", `${host}/team/app`, "--older-than", "0", "--yes"];
      const pruned = await project.expect(0, [...prune, "--json", ...options], { env: signed });
      deepStrictEqual([JSON.parse(pruned.stdout).images, JSON.parse(pruned.stdout).parts], [[digest], 1]);
      const after = await project.expect(0, ["image", "build", "app", "--json", ...options], { env: signed });
      strictEqual(JSON.parse(after.stdout).digest, digest);
    },
  );
}

foreignTest(
  ["cargo"],
  "4.9: image resolve builds programs in Rust by name, on the base that their Cargo.toml names",
  async () => {
    await using registry = startRegistry();
    await using project = await imageProject(registry, 'link = "gnu-static"\n');
    await project.expect(0, ["image", "build", "app", "--name", "base", "--tag", "v1"]);
    const base = `${registry.host}/me/base:v1`;
    await project.write(
      "crate/Cargo.toml",
      `[package]\nname = "Shop_API"\nversion = "0.1.0"\nedition = "2021"\n` +
        `[package.metadata.krust]\nbase-image = "${base}"\n` +
        '[[bin]]\nname = "first"\npath = "main.rs"\n[[bin]]\nname = "second"\npath = "main.rs"\n',
    );
    await project.write(
      "crate/Cargo.lock",
      'version = 3\n\n[[package]]\nname = "Shop_API"\nversion = "0.1.0"\n',
    );
    await project.write("crate/main.rs", "fn main() {}\n");
    const flags = ["--allow-run=cargo,rustc"];
    await project.write("a.yaml", "- image://crate\n");
    const several = await project.expect(1, ["image", "resolve", "-f", "a.yaml"], { flags });
    match(
      several.stderr,
      /the package "Shop_API" has several programs: it has "first", "second"; name one with --bin or \?bin=NAME/,
    );
    match(several.stderr, /for image:\/\/crate, at a\.yaml:1:3/);
    strictEqual(several.stdout, "");
    await project.write("a.yaml", "- krust://crate?bin=first\n- image://./crate?bin=second\n");
    const { stdout } = await project.expect(0, ["image", "resolve", "-f", "a.yaml"], { flags });
    strictEqual(stdout, `- "${imageOf(registry, "me/first")}"\n- "${imageOf(registry, "me/second")}"\n`);
    deepStrictEqual(Object.keys(JSON.parse(await project.read("image.lock")).bases), [base]);
    deepStrictEqual(entrypointsOf(registry), ["/app/base", "/app/first", "/app/second"]);
  },
);

/** What the images of a registry run, by their configs. */
function entrypointsOf({ blobs }: TestRegistry): readonly string[] {
  const found: string[] = [];
  for (const bytes of blobs.values()) {
    if (bytes[0] !== "{".charCodeAt(0)) continue;
    found.push(JSON.parse(new TextDecoder().decode(bytes)).config.Entrypoint[0]);
  }
  return found.toSorted();
}
