/** From a program to a process that runs it, through tools that are not ours. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startDockerRegistry } from "./harness/docker_registry.ts";
import { foreignTest } from "./harness/foreign_program.ts";
import { filesBelow, ranBundle, ranTool } from "./harness/ran_tool.ts";
import { emptyProject } from "./harness/test_project.ts";

foreignTest(
  ["docker-registry", "skopeo", "umoci", "runc"],
  "6.4 no. 1: an image is built, pushed to a real registry, pulled by skopeo, unpacked by umoci and run by runc",
  async (tools) => {
    await using project = await emptyProject();
    await using registry = await startDockerRegistry(tools["docker-registry"]);
    const { root } = project;
    await Deno.writeFile(join(root, "web"), tinyProgram(), { mode: 0o755 });
    await project.write("static/index.html", "hello");
    const build = [
      "image",
      "build",
      "--name",
      "web",
      "--binary",
      "linux/amd64=web",
      "--file",
      "static=/srv",
      "--layout",
      "out",
    ];
    const built = await project.expect(0, [...build, "--tag", "v1"]);
    const digest = built.stdout.trim();
    match(digest, /^sha256:[0-9a-f]{64}$/);
    const to = `${registry.host}/team/web`;
    const pushed = await project.expect(0, ["image", "push", "out:v1", `${to}:v1`, "--tag", "latest"]);
    strictEqual(pushed.stdout.trim(), `${to}@${digest}`);
    match(pushed.stderr, /^Pushed as v1, latest: 3 blobs sent, 0 were there$/m);
    const again = await project.expect(0, ["image", "push", "out:v1", `${to}:v1`, "--json"]);
    deepStrictEqual(JSON.parse(again.stdout).sent_blobs, 0);

    const copied = await ranTool(tools.skopeo, [
      "copy",
      "--all",
      "--src-tls-verify=false",
      `docker://${to}:latest`,
      "oci:pulled:v1",
    ], root);
    strictEqual(copied.code, 0, copied.stdout);
    const entries = JSON.parse(await project.read("pulled/index.json")).manifests;
    deepStrictEqual(entries.map((each: { digest: string }) => each.digest), [digest]);

    const unpacked = await ranTool(tools.umoci, ["unpack", "--image", "pulled:v1", "bundle"], root);
    strictEqual(unpacked.code, 0, unpacked.stdout);
    deepStrictEqual(await filesBelow(join(root, "bundle/rootfs")), [
      "app/web",
      "etc/group",
      "etc/passwd",
      "srv/index.html",
    ]);
    const config = JSON.parse(await project.read("bundle/config.json"));
    deepStrictEqual([config.process.user.uid, config.process.user.gid], [65532, 65532]);
    strictEqual(await ranBundle(tools.runc, join(root, "bundle"), "/app/web"), "hello from nobody\n");
  },
);

foreignTest(
  ["docker-registry"],
  "6.4 no. 3: a real registry with a password takes an image from who knows it, and tells the others what to do",
  async (tools) => {
    await using project = await emptyProject();
    const htpasswd = join(project.root, "htpasswd");
    // bcrypt of "pw-canary".
    await Deno.writeTextFile(htpasswd, "me:$2y$05$.WuKZe2rIc0ixTig9dxm5OvzvR2Kf6XXzsiANEAIWolIqFnWmB3GW\n");
    await using registry = await startDockerRegistry(
      tools["docker-registry"],
      { auth: `auth: {htpasswd: {realm: here, path: "${htpasswd}"}}\n` },
    );
    await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
    await project.expect(0, [
      "image",
      "build",
      "--name",
      "web",
      "--binary",
      "linux/amd64=web",
      "--layout",
      "out",
    ]);
    const to = `${registry.host}/team/web:v1`;
    const signed = (password: string) => ({
      env: {
        DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [registry.host]: { auth: btoa(`me:${password}`) } } }),
      },
    });
    const none = join(project.root, "none");
    const home = Deno.env.get("HOME") ?? "";
    const nobody = {
      env: { DOCKER_CONFIG: none, XDG_RUNTIME_DIR: none },
      flags: [`--allow-read=${home}/.config/containers/auth.json`],
    };
    const refused = await project.expect(1, ["image", "push", "out", to], nobody);
    match(refused.stderr, /answered 401.*\nhint: Sign in to the registry/);
    const wrong = await project.expect(1, ["image", "push", "out", to], signed("wrong-canary"));
    match(wrong.stderr, /answered 401/);
    const pushed = await project.expect(0, ["image", "push", "out", to], signed("pw-canary"));
    for (const { stderr, stdout } of [wrong, pushed]) ok(!`${stderr}${stdout}`.includes("canary"));
    const unread = await project.expect(1, ["image", "push", "out", to], {
      env: { DOCKER_CONFIG: "/etc/docker-of-me" },
    });
    match(
      unread.stderr,
      /the runtime does not allow it\nhint: Start it with --allow-read=\/etc\/docker-of-me\/config\.json/,
    );
    const elsewhere = await project.expect(1, ["image", "push", "out", "registry.invalid/x"], nobody);
    match(
      elsewhere.stderr,
      /the runtime does not allow it\nhint: Start it with --allow-net=registry\.invalid/,
    );
  },
);
