import { err, ok, type Result } from "../../engine/result.ts";
import { parseImageUri } from "../../image/image_uri.ts";
import { chooseDocument, type LabelSelector, parseLabelSelector } from "../../image/label_selector.ts";
import { textPlaces } from "../../image/text_place.ts";
import { type TextRange, yamlDocuments } from "../../image/yaml_documents.ts";
import { joinYaml } from "../../image/yaml_join.ts";
import { type YamlFault, type YamlReference, yamlReferences } from "../../image/yaml_references.ts";
import { withImages } from "../../image/yaml_splice.ts";
import type { ManifestFault, ManifestReference, Manifests, ManifestText } from "../image_manifests.ts";

/** Finds the images that files of YAML want, and where. */
export function readManifests(
  files: readonly ManifestText[],
  selectorText: string | undefined,
): Result<Manifests, readonly ManifestFault[]> {
  const selector = selectorText === undefined ? ok(undefined) : parseLabelSelector(selectorText);
  if (!selector.ok) {
    const file = { name: "--selector", text: "" };
    return err([{ file, line: 1, column: 1, message: selector.error }]);
  }
  const read = files.map((file) => readFile(file, selector.value));
  const faults = read.flatMap((each) => each.faults);
  if (faults.length > 0) return err(faults);
  return ok({
    references: read.flatMap(({ documents }) =>
      documents.flatMap(({ found }) => found.map((each) => each.placed))
    ),
    withImages: (imageOf) => joinYaml(read.map((each) => writtenFile(each, imageOf))),
  });
}

interface ReadFile {
  readonly file: ManifestText;
  readonly documents: readonly ReadDocument[];
  readonly faults: readonly ManifestFault[];
  /** Whether documents may have been left out, so that what is between them must be looked at. */
  readonly isWhole: boolean;
}

interface ReadDocument {
  readonly range: TextRange;
  readonly found: readonly { readonly reference: YamlReference; readonly placed: ManifestReference }[];
}

function readFile(file: ManifestText, selector: LabelSelector | undefined): ReadFile {
  const documents: ReadDocument[] = [];
  const faults: ManifestFault[] = [];
  const places = textPlaces(file.text);
  const fail = ({ at, message }: YamlFault): void => void faults.push({ file, ...places(at), message });
  for (const range of yamlDocuments(file.text)) {
    const choice = selector === undefined ? ok("chosen") : chooseDocument(file.text, range, selector);
    if (!choice.ok) fail(choice.error);
    if (!choice.ok || choice.value === "left") continue;
    const references = yamlReferences(file.text, range);
    if (!references.ok) {
      fail(references.error);
      continue;
    }
    const found = [];
    for (const reference of references.value) {
      const uri = parseImageUri(reference.text);
      const { start: at, text } = reference;
      if (uri.ok) found.push({ reference, placed: { file, ...places(at), text, ...uri.value } });
      else fail({ at, message: `Cannot resolve "${text}": ${uri.error}` });
    }
    documents.push({ range, found });
  }
  return { file, documents, faults, isWhole: selector === undefined };
}

function writtenFile(
  { documents, file, isWhole }: ReadFile,
  imageOf: (reference: ManifestReference) => string,
): string {
  const texts = documents.map(({ found, range }) => {
    const places = new Map(found.map((each) => [each.reference, each.placed]));
    return withImages(file.text, range, [...places.keys()], (reference) => {
      const placed = places.get(reference);
      return placed === undefined ? "" : imageOf(placed);
    });
  });
  return isWhole ? texts.join("") : joinYaml(texts);
}
