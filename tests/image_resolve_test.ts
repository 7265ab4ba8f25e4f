/** From files of YAML to the images that they name. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { joinYaml } from "../image/yaml_join.ts";
import { startRegistry } from "../providers/oci/_test_registry.ts";
import { imageOf, imageProject, imagesOf, stubFolder } from "./harness/resolved_images.ts";
import { emptyProject } from "./harness/test_project.ts";
import { manifestSample } from "./support/manifest_sample.ts";

Deno.test("6.4 no. 8: of 50 generated files every byte comes out as it was, but for the images", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  const samples = fc.sample(manifestSample, { numRuns: 50, seed: 8 });
  for (const [index, { text }] of samples.entries()) {
    await project.write(`all/${String(index).padStart(2, "0")}.yaml`, text);
  }
  const images: Readonly<Record<string, string>> = {
    "image://./app": "me/app",
    "image://svc/web?bin=w-1": "me/w-1",
    "krust://../x-y": "me/x-y",
    "image://ä b/web": "me/web",
  };
  const { stdout } = await project.expect(0, ["image", "resolve", "-f", "all"]);
  const wanted = samples.map(({ references, wanted: write }) => {
    const names = references.map((uri) => imageOf(registry, images[uri] ?? ""));
    return write("IMAGE").replaceAll('"IMAGE"', () => `"${names.shift()}"`);
  });
  strictEqual(stdout, joinYaml(wanted));
  deepStrictEqual([...imagesOf(registry).keys()].toSorted(), Object.values(images).toSorted());
});

Deno.test("6.4 no. 3: an image that several files name is built and sent once, and files come in the order of the command line", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry, 'tags = ["v1"]\n');
  await project.write("b.yaml", "image: image://./app # one\n");
  await project.write("dir/z.yml", "image: krust://app/\r\n");
  await project.write("dir/a.yaml", "- image://./svc/../app\n");
  await project.write("dir/deeper/d.yaml", "- image://svc/api\n");
  await project.write("dir/not.txt", "image://nowhere\n");
  const { stderr, stdout } = await project.expect(0, ["image", "resolve", "-f", "b.yaml", "-f", "dir"]);
  const app = imageOf(registry, "me/app");
  strictEqual(stdout, `image: "${app}" # one\n---\n- "${app}"\n---\nimage: "${app}"\r\n`);
  strictEqual(stderr, `Built image://./app  ${app}\n`);
  strictEqual(registry.requests.filter((each) => each === "PUT /v2/me/app/manifests/v1").length, 1);
  const deep = await project.expect(0, ["image", "resolve", "-f", "dir", "-R"]);
  strictEqual(
    deep.stdout,
    `- "${app}"\n---\n- "${imageOf(registry, "me/api")}"\n---\nimage: "${app}"\r\n`,
  );
});

Deno.test("4.9: image resolve reads standard input, chooses documents by label, and takes paths from where it is told", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  const text =
    "# all\nkind: A\nmetadata: {labels: {app: web}}\nimage: image://./app\n---\nkind: B\nimage: image://gone\n" +
    "---\n# c\nkind: C\nmetadata: {labels: {app: web}}\n";
  const chosen = await project.expect(0, ["image", "resolve", "-f", "-", "--selector", "app in (web, x)"], {
    input: text,
  });
  strictEqual(
    chosen.stdout,
    text.replace("image://./app", `"${imageOf(registry, "me/app")}"`).replace(
      "---\nkind: B\nimage: image://gone\n",
      "",
    ),
  );
  await project.write("svc/deploy.yaml", "image: image://./api\n");
  const wrong = await project.expect(1, ["image", "resolve", "-f", "svc/deploy.yaml"]);
  match(wrong.stderr, /svc\/deploy\.yaml:1:8: Cannot find "api": there is no such folder/);
  const right = await project.expect(0, [
    "image",
    "resolve",
    "-f",
    "svc/deploy.yaml",
    "--relative-to",
    "file",
  ]);
  strictEqual(right.stdout, `image: "${imageOf(registry, "me/api")}"\n`);
});

const REFUSED: readonly {
  readonly title: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly says: readonly string[];
}[] = [
  {
    title: "unknown paths, all of them",
    files: { "a.yaml": "a: image://./app\nb: 'image://ap'\n", "b.yaml": "---\nx:\n\t- 1\n" },
    says: [
      "error: Cannot resolve an image: nothing was built",
      'a.yaml:2:4: Cannot find "ap": there is no such folder, and no [image.programs] of smelt.toml names it',
      'hint: Did you mean "app"?',
    ],
  },
  {
    title: "a program that the path does not have",
    files: { "a.yaml": "- image://svc/web?bin=w-2\n" },
    says: ['a.yaml:1:3: Cannot find "svc/web?bin=w-2"', 'hint: Did you mean "svc/web?bin=w-1"?'],
  },
  {
    title: "a misspelt parameter",
    files: { "a.yaml": "- image://svc/web?bn=w-1\n" },
    says: [
      'a.yaml:1:3: Cannot resolve "image://svc/web?bn=w-1": it has "bn", wanted ?bin=NAME; did you mean "bin"?',
    ],
  },
  {
    title: "a tab that indents",
    files: { "a.yaml": "a: image://./app\nb:\n\tc: 1\n" },
    says: ["a.yaml:3:1: tabs are not allowed as indentation"],
  },
  {
    title: "a binary file",
    files: { "a.yaml": new Uint8Array([0x61, 0x3a, 0x20, 0, 1, 2]) },
    says: ["a.yaml:1:4: it is no text: it holds U+0000"],
  },
  {
    title: "a file that is not UTF-8",
    files: { "a.yaml": new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0x0a]) },
    says: ['Cannot read "a.yaml": it is no text in UTF-8'],
  },
  {
    title: "a program that is none",
    files: { "a.yaml": "- image://./app\n- image://broken\n", "broken.bin": "#!/bin/sh\n" },
    says: ["IMG014", "for image://broken, at a.yaml:2:3"],
  },
];

Deno.test("4.9: whatever is wrong with one file, nothing is printed, nothing is sent, and the place is told", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(
    registry,
    '\n[image.programs.broken]\n"linux/amd64" = "broken.bin"\n',
  );
  for (const { files, says, title } of REFUSED) {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeFile(
        join(project.root, name),
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    const { stderr, stdout } = await project.expect(1, ["image", "resolve", "-f", "a.yaml"]);
    strictEqual(stdout, "", title);
    for (const text of says) ok(stderr.includes(text), `${title}: ${stderr}`);
    ok(!/^\s+at .*\.ts/m.test(stderr), stderr);
  }
  deepStrictEqual(registry.requests, []);
});

Deno.test("4.9: two images of one name are not sent under one tag", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.write("a.yaml", "- image://ä b/web\n- image://other/web\n");
  const toml = await project.read("smelt.toml");
  await project.write("smelt.toml", `${toml}[image.programs."other/web"]\n"linux/amd64" = "web"\n`);
  const refused = await project.expect(1, ["image", "resolve", "-f", "a.yaml", "--tag", "v1"]);
  match(
    refused.stderr,
    /Cannot send two images to ".*\/me\/web" as v1: nothing was built\n {2}image:\/\/ä b\/web, at a\.yaml:1:3\n/,
  );
  deepStrictEqual([refused.stdout, registry.requests], ["", []]);
  const sent = await project.expect(0, ["image", "resolve", "-f", "a.yaml"]);
  strictEqual(sent.stdout, `- "${imageOf(registry, "me/web")}"\n`.repeat(2));
});

Deno.test("4.9: a repository that refuses leaves nothing on standard output", async () => {
  await using registry = startRegistry({
    fault: ({ method }) => method === "PUT" ? new Response(null, { status: 403 }) : undefined,
  });
  await using project = await imageProject(registry);
  await project.write("a.yaml", "image: image://./app\n");
  const { stderr, stdout } = await project.expect(1, ["image", "resolve", "-f", "a.yaml"]);
  strictEqual(stdout, "");
  match(stderr, /answered 403, not allowed(.|\n)*for image:\/\/\.\/app, at a\.yaml:1:8/);
});

Deno.test("4.9: image resolve wants files, a repository, and a folder with files", async () => {
  await using project = await emptyProject();
  await project.write("a.yaml", "image: image://x\n");
  await project.write("dir/sub/a.yaml", "image: image://x\n");
  await project.write("x/Cargo.toml", '[package]\nname = "x"\n');
  const says = async (code: number, ...args: readonly string[]) =>
    (await project.expect(code, ["image", "resolve", ...args])).stderr;
  match(await says(64), /^error: -f is missing/);
  match(
    await says(64, "-f", "a.yaml"),
    /^error: Cannot send images: no repository is known\nhint: Name it with --repo/,
  );
  match(
    await says(64, "-f", "a.yaml", "--repo", "Me"),
    /^error: Cannot use "Me" for --repo: wanted a registry/,
  );
  match(await says(64, "-f", "a.yaml", "--relative-to", "home"), /--relative-to/);
  match(await says(1, "-f", "dir"), /^error: Cannot find a file in "dir".*\nhint: With -R/);
  match(await says(1, "-f", "gone.yaml"), /^error: Cannot read "gone.yaml": no such file/);
  match(await says(1, "-f", "-", "-f", "-"), /standard input twice/);
  match(await says(1, "-f", "a.yaml", "--selector", "a b c"), /"a b c" is no requirement/);
});

Deno.test("4.9: variables that make the parser talk do not reach standard output", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.write("a.yaml", "image: image://./app\n");
  const env = { LOG_TOKENS: "1", LOG_STREAM: "1" };
  const { stdout } = await project.expect(0, ["image", "resolve", "-f", "a.yaml"], { env });
  strictEqual(stdout, `image: "${imageOf(registry, "me/app")}"\n`);
});

Deno.test("6.4 no. 3: image apply gives kubectl the resolved files and its arguments, and ends as it ends", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.write("a.yaml", "image: image://./app # x\n");
  for (const code of [0, 7]) {
    const options = {
      env: { PATH: `${await stubFolder(project, code)}:/usr/bin:/bin` },
      flags: ["--allow-run=kubectl"],
    };
    const args = ["image", "apply", "-f", "a.yaml", "--", "--dry-run=client", "-n", "test"];
    const { stdout } = await project.expect(code, args, options);
    strictEqual(stdout, "applied\n");
    strictEqual(await project.read("input.yaml"), `image: "${imageOf(registry, "me/app")}" # x\n`);
    strictEqual(await project.read("args.txt"), "apply\n-f\n-\n--dry-run=client\n-n\ntest\n");
  }
});

Deno.test("4.9: image apply says 127 without kubectl, and starts nothing where something is wrong", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.write("a.yaml", "image: image://./app\n");
  await project.write("wrong.yaml", "image: image://nowhere\n");
  const folder = await stubFolder(project, 0);
  const options = { env: { PATH: `${folder}:/usr/bin:/bin` }, flags: ["--allow-run=kubectl"] };
  const refused = await project.expect(1, ["image", "apply", "-f", "wrong.yaml"], options);
  strictEqual(refused.stdout, "");
  const stray = await project.expect(64, ["image", "apply", "-f", "a.yaml", "b.yaml"], options);
  match(stray.stderr, /^error: Unexpected argument "b.yaml"/);
  await Deno.remove(join(folder, "kubectl"));
  // The runtime allows nothing that is not there when it starts, so that it cannot be told from what it does not allow.
  for (const flags of [[], ["--allow-run=kubectl"]]) {
    const absent = await project.expect(127, ["image", "apply", "-f", "a.yaml"], {
      env: { PATH: folder },
      flags,
    });
    strictEqual(absent.stdout, "");
    match(absent.stderr, /kubectl is not on the PATH, or the runtime does not allow it: nothing was built/);
    match(absent.stderr, /^hint: .*SMELT_FLAGS="--allow-run=kubectl"/m);
  }
  deepStrictEqual(registry.requests, []);
  const late = await project.expect(127, ["image", "apply", "-f", "a.yaml"], {
    env: { PATH: folder },
    flags: ["--allow-run"],
  });
  match(late.stderr, /^error: Cannot apply: there is no kubectl on the PATH$/m);
  ok(imagesOf(registry).has("me/app"));
});
