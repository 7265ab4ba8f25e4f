import type { Ran, RunningSmelt } from "./smelt_process.ts";

const LOOK_MS = 100;

/** Waits for the end of a program, and gives the most memory that it held at any time until shortly before, in bytes (proc(5), VmHWM). */
export async function endedWithPeak(
  running: RunningSmelt,
): Promise<{ readonly ran: Ran; readonly peakBytes: number }> {
  let peakBytes = 0;
  let isOver = false;
  const ended = running.ended().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const told = await new Deno.Command("grep", { args: ["VmHWM", `/proc/${running.pid}/status`] }).output();
    const [, kibibytes = "0"] = /(\d+) kB/.exec(new TextDecoder().decode(told.stdout)) ?? [];
    peakBytes = Math.max(peakBytes, Number(kibibytes) * 1024);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
  }
  return { ran: await ended, peakBytes };
}
