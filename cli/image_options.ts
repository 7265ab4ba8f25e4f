import type { ImageOptions } from "../project/prepare_image.ts";
import type { CommandInput } from "./command_spec.ts";

/** What the options of a command say of the images that it builds. */
export function imageOptions(input: CommandInput): ImageOptions {
  return {
    optionTexts: ({ kind, option }) => {
      if (kind === "flag") return input.flag(option) ? ["true"] : [];
      const text = input.text(option);
      return text === undefined ? input.texts(option) : [text];
    },
    name: input.text("name"),
    package: input.text("package"),
    bin: input.text("bin"),
    example: input.text("example"),
    defaultFeatures: input.flag("no-default-features") ? "left" : "used",
  };
}
