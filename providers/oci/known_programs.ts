import type { Clock } from "../../engine/clock.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type AuditReport, type AuditSubject, isAuditable } from "../../image/audit_packages.ts";
import { auditedParts } from "../../image/bom_reader.ts";
import { rustArchitecture } from "../../image/cargo_target.ts";
import type { CrateList } from "../../image/crate_list.ts";
import type { BomProgram } from "../../image/image_bom.ts";
import { parsePlatform, platformText } from "../../image/platform.ts";
import type { CargoBuild, ImageBuild, ImageProgram } from "../image_tools.ts";
import { audit, refusal } from "./audit_gate.ts";
import { bomProgram, type ContentsTeller } from "./bom_program.ts";
import { cargoContents } from "./cargo_contents.ts";
import type { CargoBuilt } from "./cargo_platforms.ts";
import type { CargoSource } from "./cargo_source.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { type Program, readProgram } from "./read_program.ts";

/** Where the programs of an image lie. */
export const PROGRAM_FOLDER = "app";

/** A program, what it is called in the image, and who says what it is made of. */
export interface ToldProgram extends ImageProgram {
  readonly name: string;
  readonly teller: ContentsTeller;
}

/** A program that was read. */
export interface KnownProgram extends Program {
  readonly name: string;
  /** What it is made of; `undefined` where nobody wants to know. */
  readonly facts: BomProgram | undefined;
}

/** What a build says of its programs. */
type ProgramRequest = Pick<ImageBuild, "audit" | "bom" | "linkages" | "name" | "source"> & {
  readonly clock: Clock;
  readonly folder: string;
};

/** Puts programs and what others say of them together. What is said of a program that is not there is said of the wrong one. */
export function toldPrograms(
  programs: readonly ImageProgram[],
  { bom: { told }, name }: Pick<ImageBuild, "bom" | "name">,
): Result<readonly ToldProgram[], ImageFault> {
  const places = programs.map(({ platform }) => normal(platform));
  const files = new Map<string, string>();
  for (const { path, platform } of told) {
    const text = normal(platform);
    if (!places.includes(text)) {
      const has = `there are programs for ${places.join(", ")}`;
      return err(imageFault(`Cannot use "${path}": it is about ${platform}, and ${has}`));
    }
    if (files.has(text)) {
      return err(imageFault(`Cannot take both "${files.get(text)}" and "${path}" for ${text}`));
    }
    files.set(text, path);
  }
  return ok(programs.map((program) => {
    const path = files.get(normal(program.platform));
    return { ...program, name, teller: path === undefined ? { kind: "program" } : { kind: "file", path } };
  }));
}

/** What cargo says of the programs that it built. One program is called as the image has it, several as their package has them. */
export async function cargoPrograms(
  { bom, name }: Pick<ImageBuild, "bom" | "name">,
  parts: { readonly build: CargoBuild; readonly source: CargoSource },
  { programs: built }: CargoBuilt,
): Promise<Result<readonly ToldProgram[], ImageFault>> {
  const { build: { link }, source: { rust } } = parts;
  const isOne = new Set(built.map((each) => each.name)).size === 1;
  // Those of one platform were built together, of the same crates.
  const crates = new Map<string, CrateList>();
  const told: ToldProgram[] = [];
  for (const program of built) {
    const { compiled, path, platform, target } = program;
    const place = { platform, path, name: isOne ? name : program.name };
    if (bom.formats.length === 0) {
      told.push({ ...place, teller: { kind: "program" } });
      continue;
    }
    const known = crates.get(platform);
    const found = known === undefined ? await cargoContents(parts, { compiled, target }) : ok(known);
    if (!found.ok) return found;
    crates.set(platform, found.value);
    told.push({ ...place, teller: { kind: "cargo", crates: found.value, rust, link } });
  }
  return ok(told);
}

/** Reads programs, each once a platform, and finds out what they are made of where somebody wants to know. */
export async function readPrograms(
  request: ProgramRequest,
  told: readonly ToldProgram[],
): Promise<Result<readonly KnownProgram[], ImageFault>> {
  const { folder, linkages } = request;
  const read: KnownProgram[] = [];
  for (const each of told) {
    const { name } = each;
    const program = await readProgram(folder, each, linkages);
    if (!program.ok) return program;
    const text = platformText(program.value.platform);
    const other = read.find((one) => platformText(one.platform) === text && one.name === name);
    if (other !== undefined) {
      return err(imageFault(`Cannot take both "${other.path}" and "${each.path}" for ${text}`));
    }
    const place = { path: `/${PROGRAM_FOLDER}/${name}`, program: program.value };
    const facts = isWanted(request) ? await bomProgram(folder, place, each.teller) : ok(undefined);
    if (!facts.ok) return facts;
    read.push({ ...program.value, name, facts: facts.value });
  }
  return ok(read);
}

/** Holds what is known of programs that were there already against the advisories, as a program's own source is. */
export async function auditPrograms(
  { audit: asked, clock, folder, name }: ProgramRequest,
  programs: readonly KnownProgram[],
): Promise<Result<AuditReport | undefined, ImageFault>> {
  const subject = programsSubject(programs);
  if (!isAuditable(subject)) return ok(undefined);
  const report = await audit({ clock, folder }, asked, subject);
  if (!report.ok || report.value.outcome === "passed") return report;
  return err(refusal(`Cannot build "${name}"`, report.value));
}

function programsSubject(programs: readonly KnownProgram[]): AuditSubject {
  const known = programs.flatMap(({ facts }) => facts ?? []);
  const packages = known.flatMap(({ contents }) => auditedParts(contents.parts));
  return {
    packages: [...new Map(packages.map((each) => [Object.values(each).join(" "), each])).values()],
    targets: programs.map(({ platform }) => ({ system: platform.os, processor: rustArchitecture(platform) })),
    rust: known.find(({ rust }) => rust !== undefined)?.rust?.version,
  };
}

/** A program from source has been audited by its lock file; one that was there already is by what it is made of. */
function isWanted({ audit: { policy }, bom, source }: ProgramRequest): boolean {
  return bom.formats.length > 0 || (source.kind === "prebuilt" && policy !== "off");
}

function normal(text: string): string {
  const platform = parsePlatform(text);
  return platform === undefined ? text : platformText(platform);
}
