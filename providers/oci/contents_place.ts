import { basename, dirname, join, resolve } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { crateContents } from "../../image/bom_contents.ts";
import { readCyclonedx } from "../../image/bom_reader.ts";
import { rustArchitecture } from "../../image/cargo_target.ts";
import type { AuditSubject } from "../../image/audit_packages.ts";
import { cratesOfLock } from "../../image/crates_of_lock.ts";
import { sourceBom } from "../../image/image_bom.ts";
import { LAYOUT_FILE } from "../../image/layout.ts";
import { parsePlatform, platformText } from "../../image/platform.ts";
import type { BomQuestion, BomText, ContentsPlace } from "../image_contents.ts";
import { lockSubject } from "./audit_gate.ts";
import { CARGO_LOCK, type CargoLock, findCargoLock } from "./cargo_lock_file.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { imageBoms } from "./image_boms.ts";
import { documentBytes, type ImageDocument } from "./image_documents.ts";
import { damageFault, type ImageFault, imageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";

/** What lies at a place. */
type Found =
  | { readonly kind: "image"; readonly image: LayoutImage }
  | { readonly kind: "source"; readonly lock: CargoLock };

const INDEX = "index";

/** The packages of what lies at a place. */
export async function placeSubject(
  folder: string,
  place: ContentsPlace,
): Promise<Result<AuditSubject, ImageFault>> {
  const found = await findPlace(folder, place, "audit");
  if (!found.ok) return found;
  if (found.value.kind === "source") return ok(lockSubject(found.value.lock));
  const boms = await imageBoms(found.value.image);
  if (!boms.ok) return boms;
  const about = boms.value.filter(({ format, platform }) => format === "cyclonedx" && platform !== undefined);
  return about.length === 0 ? err(noBom(place.place)) : imageSubject(about);
}

/** The bill of materials of what lies at a place: the one that was stored with an image, or one that is made of a lock file. */
export async function placeBom(
  folder: string,
  question: BomQuestion,
  toolVersion: string,
): Promise<Result<BomText, ImageFault>> {
  const { format, place } = question;
  const found = await findPlace(folder, question, "list");
  if (!found.ok) return found;
  if (found.value.kind === "source") {
    const { packages, path } = found.value.lock;
    const bom = sourceBom(basename(dirname(path)), crateContents(cratesOfLock(packages)));
    return ok(lineOf(documentBytes(bom, format, toolVersion)));
  }
  const boms = await imageBoms(found.value.image);
  if (!boms.ok) return boms;
  const stored = boms.value.filter((each) => each.format === format);
  const chosen = stored.length === 0 ? err(noBom(place)) : choose(stored, question);
  return chosen.ok ? ok(lineOf(chosen.value.bytes)) : chosen;
}

/** Whoever prints it ends the line again. */
function lineOf(bytes: Uint8Array): BomText {
  return { text: new TextDecoder().decode(bytes).replace(/\n$/, "") };
}

async function findPlace(
  folder: string,
  { layout, place, tag }: ContentsPlace,
  action: "audit" | "list",
): Promise<Result<Found, ImageFault>> {
  const marker = await hasFile(join(resolve(folder, layout), LAYOUT_FILE), place);
  if (!marker.ok) return marker;
  if (marker.value) {
    const opened = await openLayout(resolve(folder, layout), layout);
    const image = opened.ok ? await findLayoutImage(opened.value, tag) : opened;
    return image.ok ? ok({ kind: "image", image: image.value }) : image;
  }
  // Above the place a lock may lie where smelt may not look; here it would say so.
  const here = await hasFile(join(resolve(folder, place), CARGO_LOCK), place);
  if (!here.ok) return here;
  const lock = await findCargoLock(resolve(folder, place), place);
  if (!lock.ok) return lock;
  return lock.value !== undefined ? ok({ kind: "source", lock: lock.value }) : err(imageFault(
    `Cannot ${action} "${place}": it is neither an image of a layout nor a folder with a Cargo.lock in or above it`,
  ));
}

async function hasFile(path: string, shown: string): Promise<Result<boolean, ImageFault>> {
  return await answering(`Cannot read "${shown}"`, async () => {
    try {
      return (await Deno.stat(path)).isFile;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  });
}

function noBom(place: string): ImageFault {
  return imageFault(
    `IMG047: Cannot list what "${place}" is made of: no bill of materials in that format lies beside it`,
    "Build it with --sbom cyclonedx, spdx or both",
  );
}

/** The packages of all platforms, each once. */
function imageSubject(documents: readonly ImageDocument[]): Result<AuditSubject, ImageFault> {
  const packages = new Map<string, AuditSubject["packages"][number]>();
  let rust: string | undefined;
  for (const { bytes, subject } of documents) {
    const read = readCyclonedx(bytes);
    if (!read.ok) return err(damageFault(`Cannot use the bill of materials of ${subject}: ${read.error}`));
    for (const each of read.value.packages) packages.set(`${each.name} ${each.version} ${each.origin}`, each);
    rust ??= read.value.rust;
  }
  const targets = documents.flatMap(({ platform }) =>
    platform === undefined ? [] : [{ system: platform.os, processor: rustArchitecture(platform) }]
  );
  return ok({ packages: [...packages.values()], targets, rust });
}

function choose(
  stored: readonly ImageDocument[],
  { place, platform: wanted }: BomQuestion,
): Result<ImageDocument, ImageFault> {
  const images = stored.filter(({ platform }) => platform !== undefined);
  const names = [
    ...images.flatMap(({ platform }) => platform === undefined ? [] : [platformText(platform)]),
    INDEX,
  ];
  const [only] = images;
  if (wanted === undefined) {
    return only !== undefined && images.length === 1 ? ok(only) : err(imageFault(
      `Cannot choose a bill of materials of "${place}": it is for several platforms`,
      `Say --platform ${names.join(", or ")}`,
    ));
  }
  const parsed = parsePlatform(wanted);
  const text = wanted === INDEX || parsed === undefined ? wanted : platformText(parsed);
  const found = stored.find(({ platform }) =>
    (platform === undefined ? INDEX : platformText(platform)) === text
  );
  return found !== undefined ? ok(found) : err(
    imageFault(
      `Cannot find a bill of materials of "${place}" for "${wanted}": there are ${names.join(", ")}`,
    ),
  );
}
