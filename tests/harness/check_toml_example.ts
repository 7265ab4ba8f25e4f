import { parseSmeltToml } from "../../project/smelt_toml.ts";
import type { ExampleFault } from "./example_fault.ts";
import type { TomlExample } from "./example_page.ts";

/** What is wrong with a `toml` block: reading it as smelt.toml finds something else than its marker says. */
export function checkTomlExample({ block, findings }: TomlExample): readonly ExampleFault[] {
  const parsed = parseSmeltToml("smelt.toml", block.text);
  const found = parsed.ok ? [] : parsed.error.map(({ code, line, column }) => `${code} ${line}:${column}`);
  if (found.join() === findings.join()) return [];
  const message = `expected ${findings.join(", ") || "no error"}, found ${found.join(", ") || "none"}`;
  return [{ line: block.line, message }];
}
