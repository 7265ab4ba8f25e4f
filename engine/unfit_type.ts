import type { FieldType } from "./schema.ts";

/**
 * Why a value of the type `given` never fits a place, as far as the types tell; `undefined` where it may. A place that takes a
 * list is asked for its elements, since it collects what is bound there, and of a list its elements. `name` is what is bound.
 */
export function unfitType(place: FieldType, given: FieldType | undefined, name: string): string | undefined {
  const wanted = place.kind === "list" ? place.element : place;
  const isSpread = place.kind === "list" && wanted.kind !== "list";
  const part = isSpread && given?.kind === "list" ? given.element : given;
  if (part === undefined) return undefined;
  const [wantedKind, foundKind] = [kindOf(wanted), kindOf(part)];
  if (wantedKind === undefined || foundKind === undefined) return undefined;
  const takes = place.kind === "list" ? `a list of ${wantedKind}s` : `a ${wantedKind}`;
  if (wantedKind !== foundKind) {
    const found = part === given ? `a ${foundKind}` : `a list of ${foundKind}s`;
    return `it takes ${takes}, "${name}" is ${found}`;
  }
  return part.kind === "ref" ? unfitId(wanted, part.target, name) : undefined;
}

/** An id is none of the few texts of an enum, and that of one type none of another. */
function unfitId(wanted: FieldType, type: string, name: string): string | undefined {
  if (wanted.kind === "enum") {
    const members = wanted.members.map((member) => `"${member}"`).join(" or ");
    return `it takes ${members}, "${name}" is the id of a ${type}`;
  }
  if (wanted.kind !== "ref" || wanted.target === type) return undefined;
  return `it takes the id of a ${wanted.target}, "${name}" is that of a ${type}`;
}

/** The kind of a type in one word; `undefined` where any value may stand. */
function kindOf(type: FieldType): "text" | "number" | "boolean" | "list" | "record" | undefined {
  switch (type.kind) {
    case "string":
    case "enum":
    case "ref":
      return "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "map":
    case "record":
      return "record";
    case "list":
      return "list";
    case "any":
      return undefined;
  }
}
