/** Preloaded into the program: at its end it says on standard error how much memory it held at most (getrusage(2), ru_maxrss). */
import process from "node:process";

globalThis.addEventListener("unload", () => {
  Deno.stderr.writeSync(new TextEncoder().encode(`peak memory ${process.resourceUsage().maxRSS} KiB\n`));
});
