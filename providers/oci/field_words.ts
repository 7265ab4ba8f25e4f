import type { ImageToolFault } from "../image_tools.ts";

/** What the command line asks for by an option, and a resource by a field. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["--allow-dynamic", "supply.allow_dynamic = true"],
  ["--allow-shell", "supply.allow_shell = true"],
  ["--bin", "source.bin"],
  ["--link gnu-static", 'source.link = "gnu-static"'],
  ["--package", "source.package"],
  ["--rustflag", "source.rustflags"],
]);

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

function inFields(text: string): string {
  return [...FIELDS].reduce((known, [option, field]) => known.replaceAll(option, field), text);
}
