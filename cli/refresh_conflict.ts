import type { CommandInput } from "./command_spec.ts";

/** What `--refresh-only` cannot go with: it records what lives of everything, whatever files say. */
const FLAGS = ["no-refresh", "destroy"] as const;
const TEXTS = ["out", "plan-file"] as const;
const LISTS = ["target", "exclude", "replace"] as const;

/** What is wrong with `--refresh-only` on this command line; `undefined`: nothing, or it is not there. */
export function refreshConflict(input: CommandInput, files: readonly string[]): string | undefined {
  if (!input.flag("refresh-only")) return undefined;
  const [other] = [
    ...FLAGS.filter((name) => input.flag(name)),
    ...TEXTS.filter((name) => input.text(name) !== undefined),
    ...LISTS.filter((name) => input.texts(name).length > 0),
  ];
  if (other !== undefined) return `--${other} cannot go with --refresh-only`;
  return files.length === 0 ? undefined : `--refresh-only reads no file, found "${files[0]}"`;
}
