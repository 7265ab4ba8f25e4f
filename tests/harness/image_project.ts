import { strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { StartOptions } from "./smelt_process.ts";
import { newProject, type TestProject } from "./test_project.ts";

/** What the launcher lacks for an image that cargo builds. */
export const RUST_FLAGS: readonly string[] = ["--allow-run=cargo,rustc,git"];

const MANIFEST = '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n';
export const LOCK_TEXT = 'version = 3\n\n[[package]]\nname = "hello"\nversion = "0.1.0"\n';
export const MAIN_TEXT = 'fn main() { println!("hello from rust"); }\n';

/** A project whose folder `app` holds a program in Rust, under git, with what git ignores. */
export async function rustProject(source: string): Promise<TestProject> {
  const project = await newProject(source);
  await project.write("app/Cargo.toml", MANIFEST);
  await project.write("app/Cargo.lock", LOCK_TEXT);
  await project.write("app/src/main.rs", MAIN_TEXT);
  await project.write("app/.gitignore", "/target\n/notes\n");
  const made = await new Deno.Command("git", { args: ["init", "-q"], cwd: join(project.root, "app") })
    .output();
  strictEqual(made.code, 0, new TextDecoder().decode(made.stderr));
  return project;
}

/** The stack of an image of that program. */
export function rustImage(
  host: string,
  { image = "", publish = 'tags = ["v1"]', source = "", supply = 'sbom = "none"' } = {},
): string {
  return `resource image "app" : oci.Image {
  identity {
    name = "hello"
    repository = "${host}/team/hello"
  }

  source {
    builder = "cargo"
    link = "gnu-static"
    path = "app"
    ${source}
  }

  image {
    ports = ["8080"]
    ${image}
  }

  publish {
    ${publish}
  }

  supply {
    ${supply}
  }
}
`;
}

/** One resource of a plan as `plan --json` tells it. */
export interface ToldResource {
  readonly address: string;
  readonly action: string;
  readonly reasons: readonly string[];
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
  readonly drift?: { readonly changes: readonly { readonly path: string }[] };
}

/** What a plan says of one resource. */
export async function toldPlan(
  project: TestProject,
  address: string,
  options: StartOptions,
): Promise<ToldResource> {
  const { stdout } = await project.expect(0, ["plan", "--json"], options);
  const found = JSON.parse(stdout).resources.find((each: ToldResource) => each.address === address);
  if (found === undefined) throw new Error(`The plan has no ${address}: ${stdout}`);
  return found;
}

/** Puts programs of a test's own before those of the PATH, each a script for sh; gives the variables that do so. */
export async function standInPrograms(
  project: TestProject,
  name: string,
  scripts: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const folder = join(project.place.stateFolder, name);
  await Deno.mkdir(folder, { recursive: true });
  for (const [program, script] of Object.entries(scripts)) {
    await Deno.writeTextFile(join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` };
}
