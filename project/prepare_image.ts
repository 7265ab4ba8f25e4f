import { err, ok, type Result } from "../engine/result.ts";
import type { ImagePublish } from "../providers/image_tools.ts";
import type { RustOptions } from "./cargo_request.ts";
import {
  chooseImageSettings,
  type ChosenSetting,
  chosenText,
  type SettingSources,
} from "./choose_image_settings.ts";
import type { ProjectFailure } from "./failure.ts";
import { imageBuild } from "./image_request.ts";
import { findImageTarget, type ImageTarget, unknownTarget } from "./image_target.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { Workspace } from "./workspace.ts";

/** What the options of a command say of images. */
export interface ImageOptions extends Pick<SettingSources, "optionTexts"> {
  readonly name: string | undefined;
  readonly rust: RustOptions;
  /** What others say that programs are made of which are there already, each `PLATFORM=PATH`. */
  readonly bomFiles: readonly string[];
}

/** Of what an image is asked for. */
export interface AskedImage {
  /** A folder, relative to the working folder. */
  readonly path: string;
  /** Each `PLATFORM=PATH`, where the programs are named themselves. */
  readonly programs?: readonly string[];
}

/** An image that can be built, and where it would go. */
export interface PreparedImage {
  readonly build: ImagePublish["build"];
  /** `registry/repository`; `undefined` where no repository is known. */
  readonly repository: string | undefined;
  readonly chosen: readonly ChosenSetting[];
}

/** Why an image cannot be built: what the command line says of it, or what was found. */
export type ImageRefusal =
  | { readonly kind: "Usage"; readonly message: string; readonly hint?: string }
  | ProjectFailure;

/** Puts together all that is said of an image: by the command line, variables, `smelt.toml` and its Cargo.toml. */
export async function prepareImage(
  ports: ProjectPorts,
  workspace: Workspace,
  options: ImageOptions,
  asked: AskedImage,
): Promise<Result<PreparedImage, ImageRefusal>> {
  const target = await targetOf(ports, workspace, options, asked);
  if (!target.ok) return target;
  const { manifest, path, programs } = target.value;
  const chosen = chooseImageSettings({
    optionTexts: options.optionTexts,
    readVariable: ports.readVariable,
    config: workspace.config.image,
    root: workspace.paths.root,
    workingFolder: ports.workingFolder,
    manifest: manifest === undefined ? undefined : { shown: path, read: manifest },
  });
  if (!chosen.ok) return err({ kind: "Usage", message: chosen.error });
  const name = options.name ?? target.value.name;
  if (name === undefined && programs === undefined) return err(noName(path));
  const build = imageBuild({
    name,
    programs,
    cargo: path,
    rust: options.rust,
    chosen: chosen.value,
    bomFiles: options.bomFiles,
    epoch: ports.readVariable("SOURCE_DATE_EPOCH"),
  });
  if (!build.ok) return err({ kind: "Usage", message: build.error });
  const repo = chosenText(chosen.value, "repo");
  const repository = repo === undefined ? undefined : `${repo}/${build.value.name.toLowerCase()}`;
  return ok({ build: build.value, repository, chosen: chosen.value });
}

async function targetOf(
  { workingFolder }: ProjectPorts,
  { config, paths }: Workspace,
  { name, rust: { bins, examples, package: packageName } }: ImageOptions,
  { path, programs }: AskedImage,
): Promise<Result<ImageTarget, ImageRefusal>> {
  if (programs !== undefined) return ok({ path, programs, manifest: undefined, name: undefined });
  const places = { config: config.image, root: paths.root, workingFolder };
  // Of several programs the name says which is run.
  const [first, ...further] = [...bins, ...examples];
  const program = further.length === 0 ? first : name ?? first;
  const found = await findImageTarget(places, path, { package: packageName, program });
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(found.value);
  return err({ kind: "NotFound", ...await unknownTarget(places, path, program) });
}

function noName(path: string): ImageRefusal {
  return {
    kind: "Usage",
    message: `Cannot name the program of "${path}": it is a workspace without a package of its own`,
    hint: "Name the folder of a package, or say --package",
  };
}
