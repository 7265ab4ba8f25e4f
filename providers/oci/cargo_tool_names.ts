/** Programs that a build with cargo, and the look before it, run. */
export const CARGO_TOOLS: readonly string[] = ["cargo", "rustc", "git"];
