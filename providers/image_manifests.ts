/** Files of YAML that name images. */

/** A file of YAML. */
export interface ManifestText {
  /** In messages. */
  readonly name: string;
  readonly text: string;
}

/** A place in a file. */
export interface ManifestPlace {
  readonly file: ManifestText;
  /** Both begin at 1. */
  readonly line: number;
  readonly column: number;
}

/** A value like `image://PATH?bin=NAME`. */
export interface ManifestReference extends ManifestPlace {
  /** As it was written. */
  readonly text: string;
  readonly path: string;
  readonly bin: string | undefined;
}

/** What is wrong at a place; the message is the end of a sentence. */
export interface ManifestFault extends ManifestPlace {
  readonly message: string;
}

/** Files of YAML that were read. */
export interface Manifests {
  /** In their order. */
  readonly references: readonly ManifestReference[];
  /** All files as one stream, with an image for each reference; whatever else they hold is as it was. */
  withImages(imageOf: (reference: ManifestReference) => string): string;
}
