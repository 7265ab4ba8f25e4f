import { type ProcessPlace, type Ran, smeltEnv } from "./smelt_process.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Runs a program that embeds smelt, with the permissions that its users are told to give. */
export async function runEmbedding(place: ProcessPlace, program: string): Promise<Ran> {
  const paths = `${place.workingFolder},${place.stateFolder}`;
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "-P",
      `--config=${CONFIG}`,
      `-R=${paths}`,
      `-W=${paths}`,
      program,
    ],
    cwd: place.workingFolder,
    clearEnv: true,
    env: smeltEnv(place, {}),
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
