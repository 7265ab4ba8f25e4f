import { resolve } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { type ElfFacts, isStatic, readElf } from "../../image/elf.ts";
import { parsePlatform, type Platform, platformText } from "../../image/platform.ts";
import type { ImageProgram } from "../image_tools.ts";
import { answering } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** A program that goes into an image, held as it was when it was looked at: nobody can change it afterwards. */
export interface Program {
  readonly platform: Platform;
  /** Where it was read, as it was asked for. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly linkage: "static" | "dynamic";
  /** What a dynamic one needs of its image. */
  readonly elf: ElfFacts;
}

/** Larger than any program that is one: 2 GiB. */
const LIMIT_BYTES = 2 * 1024 ** 3;

/** Reads a program and checks that it is one for its platform; a dynamic one only where that is allowed. */
export async function readProgram(
  folder: string,
  { path, platform: text }: ImageProgram,
  linkages: "static" | "any",
): Promise<Result<Program, ImageFault>> {
  const platform = parsePlatform(text);
  if (platform === undefined) {
    return err(
      imageFault(
        `Cannot build for "${text}": found no platform, wanted one like linux/amd64 or linux/arm/v7`,
      ),
    );
  }
  if (platform.os !== "linux") {
    return err(imageFault(`Cannot build for "${text}": programs of linux only can be checked`));
  }
  const bytes = await readWhole(resolve(folder, path), path);
  if (!bytes.ok) return bytes;
  const elf = readElf(bytes.value);
  if (!elf.ok) return err(imageFault(`IMG014: Cannot take "${path}" as a program: ${elf.error}`));
  if (elf.value.architecture !== platform.architecture) {
    return err(imageFault(
      `IMG015: Cannot take "${path}" for ${
        platformText(platform)
      }: it is a program for ${elf.value.architecture}`,
    ));
  }
  const linkage = isStatic(elf.value) ? "static" : "dynamic";
  if (linkage === "dynamic" && linkages === "static") return err(notStatic(path, elf.value));
  return ok({ platform, path, bytes: bytes.value, linkage, elf: elf.value });
}

function notStatic(path: string, { interpreter, libraries }: ElfFacts): ImageFault {
  const loader = interpreter === undefined ? [] : [`the loader ${interpreter}`];
  const needs = [...loader, ...libraries.map((each) => `the library ${each}`)].join(", ");
  return imageFault(
    `IMG011: Cannot take "${path}" as a program: it is not static, but needs ${needs}`,
    "Link it statically, or take a base that has these and say --allow-dynamic",
  );
}

async function readWhole(
  absolute: string,
  path: string,
): Promise<Result<Uint8Array<ArrayBuffer>, ImageFault>> {
  const read = await answering(`Cannot read "${path}"`, async () => {
    const { isFile, size } = await Deno.stat(absolute);
    return isFile && size <= LIMIT_BYTES ? await Deno.readFile(absolute) : size;
  });
  if (!read.ok) return read;
  return typeof read.value === "number"
    ? err(imageFault(`Cannot read "${path}": it is no regular file of at most ${LIMIT_BYTES} bytes`))
    : ok(read.value);
}
