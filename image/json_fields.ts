import { isJsonObject, type JsonObject } from "../engine/json.ts";

/** The text of a field; `undefined` where there is none, or an empty one. */
export function textIn(json: JsonObject, key: string): string | undefined {
  const value = json[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The object of a field; an empty one where there is none. */
export function objectIn(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isJsonObject(value) ? value : {};
}

/** The objects of a field's list, without what else stands in it. */
export function objectsIn(json: JsonObject, key: string): readonly JsonObject[] {
  const value = json[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
