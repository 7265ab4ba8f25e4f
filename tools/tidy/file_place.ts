import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/");

/** The path of a linted file relative to the project, with `/`. */
export function projectPath(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** True for tests and for what only tests use. */
export function isTest(filename: string): boolean {
  const path = projectPath(filename);
  return path.startsWith("tests/") || /_(?:test|bench|contract|arbitrary)\.ts$/.test(path);
}

/** True for the folders that decide without acting: no clock, no randomness, no waiting. */
export function isPureCore(filename: string): boolean {
  return /^(?:engine|lang)\//.test(projectPath(filename)) && !isTest(filename);
}
