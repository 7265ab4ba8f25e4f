import type { TestProject } from "./test_project.ts";

/** A crate to build: its files, beside a `Cargo.toml` and a `Cargo.lock` that are made where they lack. */
export interface CrateFiles {
  readonly [path: string]: string;
}

/** Says where it was compiled and who it is, after a thread and an unwound panic: what a static program could get wrong. */
export const TELLING_MAIN = `
extern "C" { fn getuid() -> u32; }
fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let unwound = std::panic::catch_unwind(|| panic!()).is_err();
    let sum = std::thread::spawn(|| (1..=4).sum::<u32>()).join().unwrap();
    println!("{} unwound {unwound} sum {sum} uid {}", file!(), unsafe { getuid() });
}
`;

/** What it prints as the user of images. */
export const TOLD = "src/main.rs unwound true sum 10 uid 65532\n";

/** Writes a crate named `hello` into a folder of a project. */
export async function writeCrate(project: TestProject, folder: string, files: CrateFiles): Promise<void> {
  const all: CrateFiles = { "Cargo.toml": crateManifest(), "Cargo.lock": crateLock(), ...files };
  for (const [path, text] of Object.entries(all)) await project.write(`${folder}/${path}`, text);
}

/** The manifest of `hello`, with what follows its own section. */
export function crateManifest(more = ""): string {
  return `[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
}

/** The lock of `hello`, with its dependencies and their own sections. */
export function crateLock(dependencies: readonly string[] = [], more = ""): string {
  const named = dependencies.length === 0
    ? ""
    : `dependencies = [\n${dependencies.map((each) => ` "${each}",\n`).join("")}]\n`;
  return `version = 3\n\n[[package]]\nname = "hello"\nversion = "0.1.0"\n${named}${more}`;
}

/** The start of a command that builds it. */
export function buildCrate(folder: string, layout: string, more: readonly string[] = []): readonly string[] {
  return ["image", "build", "--cargo", folder, "--name", "hello", "--layout", layout, "--tag", "v1", ...more];
}
