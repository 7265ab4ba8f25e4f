import { strictEqual } from "node:assert/strict";
import { smeltArgs, smeltEnv } from "../tests/harness/smelt_process.ts";
import type { TestProject } from "../tests/harness/test_project.ts";

/** The peak of the memory that a command had resident. The runtime does not tell it of its children; GNU time does. */
export async function peakMegabytes(project: TestProject, args: readonly string[]): Promise<number> {
  const { code, stderr } = await new Deno.Command("/usr/bin/time", {
    args: ["--quiet", "--format=%M", Deno.execPath(), ...smeltArgs(project.place, args, {})],
    cwd: project.root,
    clearEnv: true,
    env: smeltEnv(project.place, {}),
  }).output();
  const printed = new TextDecoder().decode(stderr);
  strictEqual(code, 0, printed);
  return Number(printed) * 1024 / 1e6;
}
