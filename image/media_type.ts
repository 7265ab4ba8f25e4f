/** Media types of OCI image-spec 1.1, the only ones that are written. */
export const MEDIA_TYPES = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstdLayer: "application/vnd.oci.image.layer.v1.tar+zstd",
  plainLayer: "application/vnd.oci.image.layer.v1.tar",
  /** Of a config that says nothing: `{}`. */
  empty: "application/vnd.oci.empty.v1+json",
} as const;

/** Layers that may be taken over from a base, with the OCI name of each: Docker's gzip layer is the OCI one byte for byte. */
const BASE_LAYERS: ReadonlyMap<string, string> = new Map([
  [MEDIA_TYPES.layer, MEDIA_TYPES.layer],
  [MEDIA_TYPES.zstdLayer, MEDIA_TYPES.zstdLayer],
  [MEDIA_TYPES.plainLayer, MEDIA_TYPES.plainLayer],
  ["application/vnd.docker.image.rootfs.diff.tar.gzip", MEDIA_TYPES.layer],
]);

/** Manifests of one image, and of several platforms, as bases may have them. */
export const BASE_MANIFESTS: readonly string[] = [
  MEDIA_TYPES.manifest,
  "application/vnd.docker.distribution.manifest.v2+json",
];
export const BASE_INDEXES: readonly string[] = [
  MEDIA_TYPES.index,
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** The OCI media type of a base's layer; `undefined` for one that may not be passed on, such as a nondistributable layer. */
export function ociLayerType(mediaType: string): string | undefined {
  return BASE_LAYERS.get(mediaType);
}
