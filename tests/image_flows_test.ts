/** Images through the ways that a plan can take: saved, rolled back, imported, destroyed, refused. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../providers/oci/_test_program.ts";
import { startRegistry, type TestRegistry } from "../providers/oci/_test_registry.ts";
import { toldPlan } from "./harness/image_project.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

interface Wish {
  readonly image?: string;
  readonly publish?: string;
  readonly supply?: string;
  readonly source?: string;
  readonly before?: string;
}

function stack({ host }: TestRegistry, wish: Wish = {}): string {
  return `resource image "app" : oci.Image {
  ${wish.before ?? ""}
  identity {
    name = "web"
    repository = "${host}/me/web"
  }

  source {
    ${wish.source ?? 'binaries = { "linux/amd64" = "web" }'}
    builder = "prebuilt"
  }

  image {
    ${wish.image ?? ""}
  }

  publish {
    ${wish.publish ?? 'tags = ["v1"]'}
  }

  supply {
    ${wish.supply ?? 'sbom = "none"'}
  }
}
`;
}

/** Another program with each number. */
async function writeProgram(project: TestProject, number: number): Promise<void> {
  await Deno.writeFile(join(project.root, "web"), new Uint8Array([...tinyProgram(), number]), {
    mode: 0o755,
  });
}

async function imageProject(registry: TestRegistry, wish: Wish = {}): Promise<TestProject> {
  const project = await newProject(stack(registry, wish));
  await writeProgram(project, 1);
  return project;
}

async function digestOf(project: TestProject): Promise<string> {
  const { stdout } = await expectInside(project, 0, ["show", "image.app", "--json"]);
  return JSON.parse(stdout).outputs.digest;
}

/** Digests of the repository, and what its tag v1 holds. */
function tagged({ manifests }: TestRegistry, digest: string): boolean {
  return String(manifests.get("me/web v1")?.bytes) === String(manifests.get(`me/web ${digest}`)?.bytes);
}

Deno.test("a saved plan is of the sources that it was made on, and of no others", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await expectInside(project, 0, ["plan", "--out", "plan.json"]);
  await writeProgram(project, 2);
  const refused = await expectInside(project, 1, ["apply", "--plan-file", "plan.json", "--yes"]);
  match(
    `${refused.stdout}${refused.stderr}`,
    /Cannot build the image: the sources changed since the plan; plan again/,
  );
  deepStrictEqual([...registry.manifests.keys()], []);
  await writeProgram(project, 1);
  await expectInside(project, 0, ["plan", "--out", "again.json"]);
  await expectInside(project, 0, ["apply", "--plan-file", "again.json", "--yes"]);
  ok(tagged(registry, await digestOf(project)));
});

Deno.test("a rollback brings the digest of then back, though its program is gone", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await expectInside(project, 0, ["apply", "--yes"]);
  const first = await digestOf(project);
  const seq = (await project.read(".smelt/log/default.log")).trimEnd().split("\n").length;
  await writeProgram(project, 2);
  await expectInside(project, 0, ["apply", "--yes"]);
  const second = await digestOf(project);
  ok(first !== second && tagged(registry, second));
  registry.requests.length = 0;
  await expectInside(project, 0, ["rollback", "--to", `${seq}`, "--yes"]);
  strictEqual(await digestOf(project), first);
  ok(tagged(registry, first));
  deepStrictEqual(registry.requests.filter((each) => each.startsWith("POST")), []);
  // The files still want the newer one.
  strictEqual((await toldPlan(project, "image.app", {})).action, "update");
});

Deno.test("an import takes over what is there, and the first plan builds it to compare", async () => {
  await using registry = startRegistry();
  await using other = await imageProject(registry);
  await other.expect(0, ["apply", "--yes"]);
  const digest = await digestOf(other);
  await using project = await imageProject(registry);
  const id = `${registry.host}/me/web@${digest}`;
  await project.write("main.smelt", `${stack(registry)}\nimport "${id}" to "image.app"\n`);
  const { action, reasons } = await toldPlan(project, "image.app", {});
  strictEqual(action, "update");
  deepStrictEqual(reasons, ["what it was built from is not known: it is built to compare"]);
  await expectInside(project, 0, ["apply", "--yes"]);
  strictEqual(await digestOf(project), digest);
  strictEqual((await toldPlan(project, "image.app", {})).action, "none");
  const gone = id.replace(/[0-9a-f]{64}$/, "0".repeat(64));
  await project.write("main.smelt", `${stack(registry)}\nimport "${gone}" to "image.app"\n`);
  match((await runInside(project, ["plan"])).stderr, /holds ".*@sha256:.*" already|there is no such object/);
});

Deno.test("a digest that is gone is sent again", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await expectInside(project, 0, ["apply", "--yes"]);
  const digest = await digestOf(project);
  registry.manifests.clear();
  const { action, reasons } = await toldPlan(project, "image.app", {});
  deepStrictEqual([action, reasons], ["create", ["it is gone"]]);
  await expectInside(project, 0, ["apply", "--yes"]);
  strictEqual(await digestOf(project), digest);
  ok(tagged(registry, digest));
});

Deno.test("tags are set without a build, and what is destroyed goes as on_destroy says", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await expectInside(project, 0, ["apply", "--yes"]);
  const digest = await digestOf(project);
  await Deno.remove(join(project.place.stateFolder, "cache"), { recursive: true });
  await expectInside(project, 0, ["apply", "--yes"]);
  const wish = { publish: 'on_destroy = "delete"\n    tags = ["v1", "v2"]' };
  await project.write("main.smelt", stack(registry, wish));
  await expectInside(project, 0, ["apply", "--yes"]);
  strictEqual(await digestOf(project), digest);
  ok(registry.manifests.has("me/web v2"));
  await expectInside(project, 0, ["destroy", "--yes"]);
  deepStrictEqual([...registry.manifests.keys()].filter((each) => /v[12]$|index/.test(each)), []);
  ok(!registry.manifests.has(`me/web ${digest}`));
});

Deno.test("what cannot be an image is refused by the plan, by name and before anything is done", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  const told = async (wish: Wish, more = ""): Promise<string> => {
    await project.write("main.smelt", `${stack(registry, wish)}${more}`);
    const ran = await runInside(project, ["plan"]);
    ok(ran.code !== 0, ran.stdout);
    ok(!ran.stderr.includes("    at "), ran.stderr);
    return ran.stderr;
  };
  match(
    await told({ source: 'path = "x"' }),
    /^error: Cannot plan image\.app: "source\.path" is for the builder cargo only$/m,
  );
  match(await told({ source: "" }), /"source\.binaries" is missing/);
  match(
    await told({ image: 'platforms = ["linux/amd64"]' }),
    /"image\.platforms" is for the builder cargo only/,
  );
  match(
    await told({ source: 'binaries = { "linux/amd64" = "wbe" }' }),
    /Cannot plan image\.app: Cannot read "wbe": there is no such file or folder/,
  );
  match(
    await told({ source: 'binaries = { "linux" = "web" }' }),
    /Cannot build for "linux": there is no such platform; wanted one like linux\/amd64/,
  );
  match(await told({ image: 'ports = ["99999"]' }), /Cannot use the port "99999"/);
  match(await told({ image: 'env = { "A B" = "c" }' }), /Cannot use "A B" as the name of a variable/);
  match(await told({ image: 'base = "UPPER/case"' }), /Cannot use "UPPER\/case" as a base/);
  match(await told({ publish: 'tags = ["-x"]' }), /Cannot use the tag "-x"/);
  match(await told({ image: "epoch = -1" }), /Cannot set "image\.epoch"/);
  match(await told({ image: 'bse = "scratch"' }), /Unknown field "image\.bse".*[^]*Did you mean "base"/);
  match(
    await told({ before: 'inputs {\n    source = "x"\n  }\n' }),
    /Cannot write the section "inputs" of "image\.app" \(oci\.Image\): smelt fills it in before each plan/,
  );
  match(
    await told({ before: '@ignore_changes "inputs.toolchain"\n' }),
    /Cannot ignore "inputs\.toolchain"/,
  );
  match(
    await told({}, stack(registry).replace('"app"', '"twin"')),
    /Cannot plan image\.twin: ".*\/me\/web" is the repository of image\.app too/,
  );
  match(
    await told(
      { before: "needs password.p.result -> image.env" },
      'resource password "p" : random.Password {\n  length = 24\n}\n',
    ),
    /error/,
  );
  deepStrictEqual(registry.requests, []);
});

Deno.test("a secret never gets into an image: it is refused where it is written, and where it is bound", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.write("main.smelt", stack(registry, { image: 'env = { TOKEN = secret("env:THE_TOKEN") }' }));
  const options = { env: { THE_TOKEN: "canary-of-the-image" } };
  const written = await project.run(["plan"], options);
  match(written.stderr, /"image\.env" holds a secret, and whoever reads the image would read it/);
  const password = 'resource password "p" : random.Password {\n  length = 24\n}\n';
  await project.write(
    "main.smelt",
    password + stack(registry, { before: "needs password.p.result -> image.user\n" }),
  );
  const bound = await project.run(["apply", "--yes"], options);
  ok(bound.code !== 0);
  match(`${bound.stdout}${bound.stderr}`, /"image\.user" holds a secret/);
  deepStrictEqual([...registry.manifests.keys()], []);
  ok(!`${written.stdout}${written.stderr}`.includes("canary"));
});

Deno.test("6.4 no. 6: a plan of an unchanged image takes less than a second", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.expect(0, ["apply", "--yes"]);
  const times: number[] = [];
  // Others work on the machine too: what counts is how fast it can be.
  while (times.length < 10 && !times.some((ms) => ms < 1_000)) {
    const began = performance.now();
    await project.expect(0, ["plan"]);
    times.push(performance.now() - began);
  }
  ok(times.some((ms) => ms < 1_000), times.join(", "));
});

Deno.test("6.4 no. 10: the password of a registry is in no log, cache, message or image", async () => {
  const password = "pw-canary-of-the-registry";
  const header = `Basic ${btoa(`me:${password}`)}`;
  await using registry = startRegistry({
    fault: ({ headers }) =>
      headers.get("authorization") === header
        ? undefined
        : new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="here"' } }),
  });
  await using project = await imageProject(registry);
  const auths = { [registry.host]: { auth: btoa(`me:${password}`) } };
  const options = { env: { DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) } };
  const applied = await project.expect(0, ["apply", "--yes"], options);
  const shown = await project.expect(0, ["show", "image.app", "--json"], options);
  const planned = await project.expect(0, ["plan"], options);
  const wrong = { [registry.host]: { auth: btoa(`me:${password}-wrong`) } };
  const refused = await project.run(["plan"], {
    env: { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: wrong }) },
  });
  match(refused.stdout, /could not be read: .* answered 401/);
  const said = [applied, shown, planned, refused].map(({ stderr, stdout }) => `${stdout}${stderr}`).join();
  const forms = [password, btoa(`me:${password}`)];
  ok(!forms.some((form) => said.includes(form)));
  for (const folder of [project.root, project.place.stateFolder]) {
    const found = await new Deno.Command("grep", {
      args: ["-rlaF", ...forms.flatMap((form) => ["-e", form]), folder],
    }).output();
    strictEqual(new TextDecoder().decode(found.stdout), "");
  }
});

Deno.test("what is wrong with a program or a base is told in the words of the resource", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  await project.write("web", "#!/bin/sh\n");
  const script = await runInside(project, ["apply", "--yes"]);
  match(`${script.stdout}${script.stderr}`, /IMG014: Cannot take "web" as a program/);
  await writeProgram(project, 1);
  await project.write("shell", "sh");
  const build = ["image", "build", "--name", "web", "--binary", "linux/amd64=web", "--layout", "base"];
  await expectInside(project, 0, [...build, "--file", "shell=/bin/sh"]);
  await project.write("main.smelt", stack(registry, { image: 'base = "oci-layout:base"' }));
  const shell = await runInside(project, ["apply", "--yes"]);
  match(`${shell.stdout}${shell.stderr}`, /IMG030: [^]*or say supply\.allow_shell = true/);
  deepStrictEqual([...registry.manifests.keys()], []);
});

Deno.test("an image stands on another of the same stack, by its digest", async () => {
  await using registry = startRegistry();
  await using project = await imageProject(registry);
  const base = stack(registry).replace('"app"', '"base"').replace("/me/web", "/me/base");
  const own = (output: string) =>
    base + stack(registry, { before: `needs image.base.${output} -> image.base\n` });
  await project.write("main.smelt", own("ref"));
  await expectInside(project, 0, ["apply", "--yes"]);
  strictEqual((await toldPlan(project, "image.app", {})).action, "none");
  const { stdout } = await expectInside(project, 0, ["show", "image.app", "--json"]);
  const layers = JSON.parse(stdout).outputs.platforms["linux/amd64"].layers;
  strictEqual(layers.length, 3);
  await project.write("main.smelt", own("source_hash"));
  const refused = await runInside(project, ["apply", "--yes"]);
  ok(refused.code !== 0);
  match(`${refused.stdout}${refused.stderr}`, /must be of a registry and have a digest; bind its ref/);
});
