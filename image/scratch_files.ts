import type { TarFile } from "./tar.ts";

const encoder = new TextEncoder();
const PASSWD =
  "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n";
const GROUP = "root:x:0:\nnonroot:x:65532:\n";
const CA_BUNDLE_PATH = "etc/ssl/certs/ca-certificates.crt";
const MODE = 0o644;

/** What an image without a base needs beside its program: names for its users, and the certificates that it is to trust. */
export function scratchFiles(caBundle: Uint8Array | undefined): readonly TarFile[] {
  const certificates = caBundle === undefined ? [] : [{ path: CA_BUNDLE_PATH, mode: MODE, bytes: caBundle }];
  return [
    { path: "etc/group", mode: MODE, bytes: encoder.encode(GROUP) },
    { path: "etc/passwd", mode: MODE, bytes: encoder.encode(PASSWD) },
    ...certificates,
  ];
}
