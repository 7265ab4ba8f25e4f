import type { CommandInput } from "./command_spec.ts";
import type { Extent } from "./render/cut_text.ts";

/** How much of a plan is shown, as the command line says. */
export function planExtent(input: CommandInput): Extent {
  return input.flag("full") ? "full" : "short";
}
