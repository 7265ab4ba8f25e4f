import { ok } from "node:assert/strict";
import { join } from "node:path";
import { tinyProgram } from "../../providers/oci/_test_program.ts";
import type { TestRegistry } from "../../providers/oci/_test_registry.ts";
import { emptyProject, type TestProject } from "./test_project.ts";

const PROGRAMS = ["app", "svc/web?bin=w-1", "../x-y", "ä b/web", "svc/api"];

/** A project of which `[image.programs]` names a program for each, and `more` is the rest of `[image]`. */
export async function imageProject(registry: TestRegistry, more = ""): Promise<TestProject> {
  const project = await emptyProject();
  await Deno.writeFile(join(project.root, "web"), tinyProgram(), { mode: 0o755 });
  const programs = PROGRAMS.map((each) => `[image.programs."${each}"]\n"linux/amd64" = "web"\n`);
  await project.write(
    "smelt.toml",
    `[project]\nname = "x"\n[image]\nrepo = "${registry.host}/me"\n${more}${programs.join("")}`,
  );
  return project;
}

/** The images that a registry has, by repository. */
export function imagesOf({ manifests }: TestRegistry): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, { bytes }] of manifests) {
    const [repository = "", digest = ""] = name.split(" ");
    const document = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(document.manifests) && digest.startsWith("sha256:")) {
      found.set(repository, `${repository}@${digest}`);
    }
  }
  return found;
}

/** The name of the only image in a repository of the registry. */
export function imageOf(registry: TestRegistry, repository: string): string {
  const image = imagesOf(registry).get(repository);
  ok(image !== undefined, `${repository} of ${[...imagesOf(registry).keys()]}`);
  return `${registry.host}/${image}`;
}

/** A folder with a program `kubectl` that keeps its arguments and its input, says something, and ends with `code`. */
export async function stubFolder(project: TestProject, code: number): Promise<string> {
  const folder = join(project.root, "bin");
  await Deno.mkdir(folder, { recursive: true });
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > args.txt\ncat > input.yaml\necho applied\nexit ${code}\n`;
  await Deno.writeTextFile(join(folder, "kubectl"), script, { mode: 0o755 });
  return folder;
}
