import { join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason, isMissing } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";

const IGNORED = ["/.smelt/", "/smelt"];

/** Makes git pass over what belongs to this machine: keys, log and launcher. Lines that are there already stay. */
export async function addIgnoreLines(
  _ports: ProjectPorts,
  root: string,
): Promise<Result<"written" | "unchanged", ProjectFailure>> {
  const path = join(root, ".gitignore");
  const text = await readOrEmpty(path);
  if (!text.ok) return text;
  const present = new Set(text.value.split("\n").map((each) => each.trim()));
  const missing = IGNORED.filter((each) => !present.has(each) && !present.has(each.slice(1)));
  if (missing.length === 0) return ok("unchanged");
  const start = text.value === "" || text.value.endsWith("\n") ? text.value : `${text.value}\n`;
  const written = await replaceFile(path, `${start}${missing.join("\n")}\n`);
  return written.ok ? ok("written") : written;
}

async function readOrEmpty(path: string): Promise<Result<string, ProjectFailure>> {
  try {
    return ok(await Deno.readTextFile(path));
  } catch (error) {
    if (isMissing(error)) return ok("");
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Store", message: `Cannot read "${path}": ${reason}` });
  }
}
