import type { AttestTexts } from "../project/image_attest.ts";
import type { ImageOptions } from "../project/prepare_image.ts";
import type { CommandInput } from "./command_spec.ts";
import type { CliContext } from "./context.ts";

/** What the options of a command say of the images that it builds. */
export function imageOptions(input: CommandInput, cargoArgs: readonly string[] = []): ImageOptions {
  return {
    optionTexts: ({ kind, option }) => {
      if (kind === "flag") return input.flag(option) ? ["true"] : [];
      const text = input.text(option);
      return text === undefined ? input.texts(option) : [text];
    },
    name: input.text("name"),
    bomFiles: input.texts("sbom-file"),
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

/** What the options of a command say of how its images are vouched for. */
export function attestTexts({ version }: Pick<CliContext, "version">, input: CommandInput): AttestTexts {
  const key = input.text("sign");
  const isAsked = key !== undefined || input.flag("sign") || input.flag("provenance");
  return {
    sign: input.flag("no-sign") ? "left" : isAsked ? "asked" : "ifKey",
    key,
    provenance: input.flag("no-provenance") ? "left" : "stated",
    builderId: input.text("builder-id"),
    cosignTags: input.flag("cosign-tags") ? "written" : "left",
    version,
  };
}
