import type { ImageOptions } from "../project/prepare_image.ts";
import type { CommandInput } from "./command_spec.ts";

/** What the options of a command say of the images that it builds. */
export function imageOptions(input: CommandInput, cargoArgs: readonly string[] = []): ImageOptions {
  return {
    optionTexts: ({ kind, option }) => {
      if (kind === "flag") return input.flag(option) ? ["true"] : [];
      const text = input.text(option);
      return text === undefined ? input.texts(option) : [text];
    },
    name: input.text("name"),
    rust: {
      package: input.text("package"),
      bins: input.texts("bin"),
      examples: input.texts("example"),
      defaultFeatures: input.flag("no-default-features") ? "left" : "used",
      cargoArgs,
      missingTargets: input.flag("install-targets") ? "installed" : "refused",
      lockFile: input.flag("no-cargo-lock") ? "optional" : "required",
      cache: input.flag("no-cache") ? "left" : "used",
      folders: input.flag("keep-temp") ? "kept" : "removed",
    },
  };
}
