import { err, type Result } from "../engine/result.ts";
import type { ImageRefusal } from "../project/prepare_image.ts";
import { type ResolvedManifests, resolveImages } from "../project/resolve_images.ts";
import type { CommandInput } from "./command_spec.ts";
import type { CliContext } from "./context.ts";
import { attestTexts, imageOptions } from "./image_options.ts";
import { line, span } from "./text.ts";

/** Variables that make the parser of YAML print what it reads, in the midst of our own output. */
const PARSER_VARIABLES: readonly string[] = ["LOG_STREAM", "LOG_TOKENS"];

/** Does what `image resolve` and `image apply` have in common; what was built is told on standard error. */
export async function resolveFlow(
  context: CliContext,
  input: CommandInput,
): Promise<Result<ResolvedManifests, ImageRefusal>> {
  const names = input.texts("filename");
  if (names.length === 0) {
    return err({
      kind: "Usage",
      message: "-f is missing: the file that is resolved, a folder of such files, or -",
    });
  }
  for (const name of PARSER_VARIABLES) Deno.env.delete(name);
  const interrupted = new AbortController();
  const release = context.onInterrupt(() => interrupted.abort());
  const resolved = await resolveImages(context.ports, {
    names,
    below: input.flag("recursive") ? "tree" : "folder",
    selector: input.text("selector"),
    relativeTo: input.text("relative-to") === "file" ? "file" : "cwd",
    options: imageOptions(input),
    attest: attestTexts(context, input),
    readInput: (limitBytes) => context.readInput(limitBytes),
  }, interrupted.signal).finally(release);
  if (!resolved.ok) return resolved;
  context.printer.err(
    resolved.value.images.map(({ reference, written }) =>
      line(span("Built", "green"), ` ${written}  `, span(reference, "dim"))
    ),
  );
  return resolved;
}
