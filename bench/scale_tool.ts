import { join } from "node:path";
import { smeltArgs, smeltEnv } from "../tests/harness/smelt_process.ts";
import type { Start } from "./measured_run.ts";
import { type ScaleStack, smeltStack, terraformStack } from "./scale_stack.ts";

/** A tool that keeps the estate, in a folder of its own. */
export interface ScaleTool {
  readonly name: string;
  readonly version: string;
  stack(count: number): ScaleStack;
  /** What makes a folder with the files ready to be worked in, before anything is measured. */
  prepare(folder: string): Start;
  /** What is measured of an estate of `count`, in this order. */
  works(folder: string, count: number): readonly Work[];
}

/** One command, and the change of the files before it. */
export interface Work {
  readonly what: string;
  readonly start: Start;
  /** Whether the last resource is to say something else first. */
  readonly changes: boolean;
}

/** smelt itself, as its launcher starts it. */
export function smeltTool(version: string): ScaleTool {
  const start = (folder: string, args: readonly string[]): Start => {
    const place = { workingFolder: folder, stateFolder: `${folder}-state` };
    return {
      program: Deno.execPath(),
      args: smeltArgs(place, args, {}),
      cwd: folder,
      env: smeltEnv(place, {}),
    };
  };
  return {
    name: "smelt",
    version,
    stack: smeltStack,
    prepare: (folder) => start(folder, ["init"]),
    works: (folder, count) => {
      const last = `data.r${count - 1}`;
      const work = (what: string, args: readonly string[], changes = false): Work => ({
        what,
        start: start(folder, args),
        changes,
      });
      return [
        work("start-up", ["--version"]),
        work("first apply", ["apply", "--yes"]),
        work("plan without changes", ["plan"]),
        work("apply of one change", ["apply", "--yes"], CHANGES),
        work("the same by --target", ["apply", "--yes", "--no-refresh", "--target", last], CHANGES),
        work("verify", ["audit", "verify"]),
        work("history of one resource", ["history", "--address", last]),
        work("show of one resource", ["show", last]),
        work("destroy", ["destroy", "--yes"]),
      ];
    },
  };
}

/** Terraform, or OpenTofu, which takes the same words. Its `show` and state are files that it reads whole. */
export function terraformTool(program: string, version: string): ScaleTool {
  const start = (folder: string, args: readonly string[]): Start => ({
    program,
    args,
    cwd: folder,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: `${folder}-state`,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: "/dev/null",
      TF_IN_AUTOMATION: "1",
    },
  });
  return {
    name: program.endsWith("tofu") ? "tofu" : "terraform",
    version,
    stack: terraformStack,
    prepare: (folder) => start(folder, ["init", "-input=false"]),
    works: (folder, count) => {
      const last = `terraform_data.r${count - 1}`;
      const work = (what: string, args: readonly string[], changes = false): Work => ({
        what,
        start: start(folder, args),
        changes,
      });
      return [
        work("start-up", ["version"]),
        work("first apply", ["apply", "-auto-approve", "-input=false"]),
        work("plan without changes", ["plan", "-input=false"]),
        work("apply of one change", ["apply", "-auto-approve", "-input=false"], CHANGES),
        work(
          "the same by --target",
          ["apply", "-auto-approve", "-input=false", "-refresh=false", `-target=${last}`],
          CHANGES,
        ),
        work("show of one resource", ["state", "show", last]),
        work("destroy", ["destroy", "-auto-approve", "-input=false"]),
      ];
    },
  };
}

const CHANGES = true;

/** Terraform or OpenTofu, where one is on the PATH. */
export async function findTerraform(): Promise<ScaleTool | undefined> {
  for (const name of ["terraform", "tofu"]) {
    for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
      const program = join(folder, name);
      const found = await Deno.stat(program).then((each) => each.isFile, () => false);
      if (found) return terraformTool(program, await versionOf(program));
    }
  }
  return undefined;
}

async function versionOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(program, {
    args: ["version", "-json"],
    env: { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null" },
    stderr: "null",
  }).output();
  const told: { readonly terraform_version?: string } = JSON.parse(new TextDecoder().decode(stdout));
  return told.terraform_version ?? "unknown";
}
