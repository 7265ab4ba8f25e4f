import { err, ok, type Result } from "../engine/result.ts";
import { chooseImageSettings, type ChosenSetting } from "./choose_image_settings.ts";
import { findImageTarget, pathsOfPrograms, unknownTarget } from "./image_target.ts";
import { IMAGE_SETTINGS } from "./image_settings.ts";
import type { ImageOptions, ImageRefusal } from "./prepare_image.ts";
import { CONFIG_FILE_NAME } from "./project_paths.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openWorkspace } from "./workspace.ts";

/** What holds for images, and why. */
export interface ImageConfigFacts {
  /** In the order of `IMAGE_SETTINGS`; one that nobody says has no texts. */
  readonly settings: readonly (Omit<ChosenSetting, "source"> & { readonly source: string | undefined })[];
  /** What `[image.programs]` names, and where. */
  readonly programs: readonly (ChosenSetting & { readonly name: string })[];
}

/** Says what holds for the image of the folder `path`, the working folder where it is `undefined`, and who says so. */
export async function tellImageConfig(
  ports: ProjectPorts,
  options: ImageOptions,
  path: string | undefined,
): Promise<Result<ImageConfigFacts, ImageRefusal>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { workingFolder, readVariable } = ports;
  const { config: { image: config }, paths: { root } } = workspace.value;
  const places = { config, root, workingFolder };
  const target = await findImageTarget(places, path ?? ".", {
    package: options.rust.package,
    program: undefined,
  });
  if (!target.ok) return target;
  if (target.value === undefined && path !== undefined) {
    return err({ kind: "NotFound", ...await unknownTarget(places, path, undefined) });
  }
  const { manifest, path: shown } = target.value ?? {};
  const chosen = chooseImageSettings({
    ...places,
    optionTexts: options.optionTexts,
    readVariable,
    manifest: manifest === undefined || shown === undefined ? undefined : { shown, read: manifest },
  });
  if (!chosen.ok) return err({ kind: "Usage", message: chosen.error });
  const settings = IMAGE_SETTINGS.flatMap(({ key }) => {
    const said: ImageConfigFacts["settings"] = chosen.value.filter((each) => each.key === key);
    return said.length > 0 ? said : [{ key, texts: [], source: undefined }];
  });
  const epoch = readVariable(EPOCH);
  const epochSetting = {
    key: "epoch",
    texts: [epoch ?? "0"],
    source: epoch === undefined ? "default" : EPOCH,
  };
  return ok({ settings: [...settings, epochSetting], programs: programsOf(places) });
}

const EPOCH = "SOURCE_DATE_EPOCH";

function programsOf(places: Parameters<typeof findImageTarget>[0]): ImageConfigFacts["programs"] {
  return [...places.config.programs].map(([name, configured]) => ({
    key: "programs",
    name,
    texts: pathsOfPrograms(places, configured),
    source: `${CONFIG_FILE_NAME}:${configured.line}`,
  }));
}
