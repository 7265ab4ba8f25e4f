import { resolve } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { crateContents, NO_CONTENTS, type ProgramContents } from "../../image/bom_contents.ts";
import { BOM_LIMIT_BYTES, readCyclonedx } from "../../image/bom_reader.ts";
import type { CrateList } from "../../image/crate_list.ts";
import { cratesOfProgram } from "../../image/crates_of_program.ts";
import type { BomProgram } from "../../image/image_bom.ts";
import { findGlibc, type Libc } from "../../image/libc.ts";
import { type RustRelease, rustReleaseOf } from "../../image/rust_release.ts";
import type { Link } from "../../image/cargo_target.ts";
import { answering } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import type { Program } from "./read_program.ts";
import { sha256 } from "./sha256.ts";

/** Who says what a program is made of. */
export type ContentsTeller =
  /** Cargo, which built it. */
  | { readonly kind: "cargo"; readonly crates: CrateList; readonly rust: RustRelease; readonly link: Link }
  /** A document of somebody else, relative to the working folder. */
  | { readonly kind: "file"; readonly path: string }
  /** Only itself. */
  | { readonly kind: "program" };

/** What is known of a program that goes into an image at `path`, absolute. */
export async function bomProgram(
  folder: string,
  { path, program }: { readonly path: string; readonly program: Program },
  teller: ContentsTeller,
): Promise<Result<BomProgram, ImageFault>> {
  const digest = sha256(program.bytes);
  const contents = await contentsOf(folder, { program, digest }, teller);
  if (!contents.ok) return contents;
  const { elf, linkage } = program;
  return ok({
    path,
    sha256: digest,
    linkage,
    libraries: elf.libraries,
    contents: contents.value,
    rust: teller.kind === "cargo" ? teller.rust : rustReleaseOf(program.bytes),
    libc: linkage === "static" ? libcOf(program, teller) : undefined,
  });
}

/** A program need not hold the line by which its library names itself, so that who linked it knows more. */
function libcOf({ bytes }: Program, teller: ContentsTeller): Libc | undefined {
  const found = findGlibc(bytes);
  if (teller.kind !== "cargo" || found !== undefined) return found;
  return { name: teller.link === "musl" ? "musl" : "glibc", version: undefined };
}

async function contentsOf(
  folder: string,
  { digest, program }: { readonly program: Program; readonly digest: string },
  teller: ContentsTeller,
): Promise<Result<ProgramContents, ImageFault>> {
  switch (teller.kind) {
    case "cargo":
      return ok(crateContents(teller.crates));
    case "file":
      return await readTold(folder, teller.path, { program, digest });
    case "program": {
      const crates = cratesOfProgram(program.bytes);
      if (!crates.ok) {
        return err(imageFault(`IMG048: Cannot list what "${program.path}" is made of: ${crates.error}`));
      }
      return ok(crates.value === undefined ? NO_CONTENTS : crateContents(crates.value));
    }
  }
}

/** A document about other bytes says nothing of these. */
async function readTold(
  folder: string,
  shown: string,
  { digest, program }: { readonly program: Program; readonly digest: string },
): Promise<Result<ProgramContents, ImageFault>> {
  const bytes = await answering(`Cannot read "${shown}"`, async () => {
    const path = resolve(folder, shown);
    const { size } = await Deno.stat(path);
    return size <= BOM_LIMIT_BYTES ? await Deno.readFile(path) : undefined;
  });
  if (!bytes.ok) return bytes;
  const read = bytes.value === undefined
    ? err(`it has more than ${BOM_LIMIT_BYTES} bytes`)
    : readCyclonedx(bytes.value);
  if (!read.ok) return err(imageFault(`IMG048: Cannot use "${shown}" as a bill of materials: ${read.error}`));
  const { contents, subjectSha256 } = read.value;
  if (subjectSha256 !== undefined && subjectSha256 !== digest) {
    return err(imageFault(
      `IMG048: Cannot use "${shown}" for "${program.path}": it is about sha256:${subjectSha256}, and the program is sha256:${digest}`,
    ));
  }
  return ok(withOwnRefs(contents));
}

/** What others call their parts may be what a part of ours is called. */
function withOwnRefs({ aggregate, parts, tops }: ProgramContents): ProgramContents {
  const own = (refs: readonly string[]) => refs.map((ref) => `told:${ref}`);
  return {
    aggregate,
    tops: own(tops),
    parts: parts.map((part) => ({ ...part, ref: `told:${part.ref}`, relies: own(part.relies) })),
  };
}
