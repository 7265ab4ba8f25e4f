import type { ImageToolFault } from "../image_tools.ts";

/**
 * What the command line asks for by an option, and a resource by a field; longer ones first. What a resource has no field for is
 * not offered to it.
 */
const FIELDS: readonly (readonly [said: string, field: string])[] = [
  ["; or say --install-targets", ""],
  ["; or say --no-cargo-lock", ""],
  [", and --frozen asks for that", ", and a plan looks nothing up"],
  ["name one with --bin or ?bin=NAME", "name one as source.bin"],
  ["name one with --build-env", "name one in source.env as"],
  ["say --platform and --link", "say it by image.platforms and source.link"],
  ["name it with --advisory-db", "name it as supply.audit.database"],
  ["--audit off builds", 'supply.audit.policy = "off" builds'],
  ["Give them with --rustflag", "Give them as source.rustflags"],
  ["--allow-dynamic", "supply.allow_dynamic = true"],
  ["--allow-shell", "supply.allow_shell = true"],
  ["--build-env", "source.env"],
  ["--link gnu-static", 'source.link = "gnu-static"'],
  ["--link musl", 'source.link = "musl"'],
  ["--linker cc", 'source.linker = "cc"'],
  ["--linker zig", 'source.linker = "zig"'],
  ["--package", "source.package"],
  ["--rustflag", "source.rustflags"],
];

/** The fault in the words of whoever wrote a resource. */
export function inFieldWords<Fault extends ImageToolFault>(fault: Fault): Fault {
  const { details, hint, message } = fault;
  return {
    ...fault,
    message: inFields(message),
    ...(hint === undefined ? {} : { hint: inFields(hint) }),
    ...(details === undefined ? {} : { details: details.map(inFields) }),
  };
}

/** A text in the words of whoever wrote a resource. */
export function inFields(text: string): string {
  return FIELDS.reduce((known, [said, field]) => known.replaceAll(said, field), text);
}
