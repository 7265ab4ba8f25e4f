import type { Json, JsonObject } from "../engine/json.ts";
import type { Result } from "../engine/result.ts";
import type { AuditRequest } from "./image_contents.ts";

/** A key that images are verified with. */
export interface ImageKey {
  /** BLAKE3 of its SubjectPublicKeyInfo, in hex. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Reads an envelope as far as this key stands for it; `hint` is the id of the key that is said to have signed it, where that is said. */
  open(envelope: Json, hint: string | undefined): Promise<OpenedEnvelope>;
  /** Whether `signature`, as other programs write it (ECDSA in DER), is one of this key over `bytes`. */
  verifies(bytes: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** What a key has to do with an envelope. */
export type OpenedEnvelope =
  /** It signed exactly these bytes. */
  | { readonly kind: "signed"; readonly payloadType: string; readonly payload: Uint8Array<ArrayBuffer> }
  /** The envelope says that it did, and it did not sign what is there now. */
  | { readonly kind: "altered" }
  /** Nothing. */
  | { readonly kind: "foreign" };

/** A key that signs images. */
export interface ImageSigner {
  readonly key: ImageKey;
  /** The most that it signs; `undefined` where there is no limit. */
  readonly limitBytes: number | undefined;
  /** Signs the canonical form of a statement, in an envelope. */
  signStatement(statement: JsonObject): Promise<Result<JsonObject, SigningFault>>;
  /** Signs bytes, as other programs write it (ECDSA in DER). */
  signBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Result<Uint8Array<ArrayBuffer>, SigningFault>>;
}

/** Why a key did not sign. */
export interface SigningFault {
  readonly kind: "keys";
  readonly message: string;
  readonly hint?: string;
}

/** How an image is vouched for when it is built. */
export interface ImageAttest {
  readonly signer: ImageSigner;
  /** Where it is going to, such as `ghcr.io/me/web`, as signatures and statements name it; `undefined`: by its name. */
  readonly repository: string | undefined;
  readonly provenance: "stated" | "left";
  /** A URI that says who builds, in the provenance; a machine of which nothing is known where `undefined`. */
  readonly builderId: string | undefined;
  /** Whether everything is written once more under the tags that older versions of cosign look at. */
  readonly cosignTags: "written" | "left";
  /** Of smelt, for the provenance. */
  readonly version: string;
}

/** Which image to judge, and by what. */
export interface ImageVerify {
  /** Where it lies: in a layout of this machine, by tag or digest, or in a registry. */
  readonly place:
    | { readonly kind: "layout"; readonly layout: string; readonly reference: string | undefined }
    | { readonly kind: "registry"; readonly reference: string };
  readonly insecure: readonly string[];
  readonly caFile: string | undefined;
  readonly policy: ImagePolicy;
  /** What its bills of materials are held against; `undefined`: nothing. */
  readonly audit: AuditRequest | undefined;
  /** A layout that somebody has built again of the same source, and the tag of the image in it. */
  readonly rebuilt: { readonly layout: string; readonly tag: string | undefined } | undefined;
}

/** What must be true of an image. */
export interface ImagePolicy {
  /** Only what one of these signed counts. */
  readonly keys: readonly PolicyKey[];
  /** The kinds of statements that must be there. */
  readonly require: readonly RequiredKind[];
  /** URIs of sources that a build may be from, and their branches or tags; any where empty. */
  readonly sources: readonly string[];
  readonly refs: readonly string[];
  /** Images that it may stand on, without their tags; any where empty. */
  readonly bases: readonly string[];
}

/** What a policy may ask for. */
export type RequiredKind = "signature" | "provenance" | "sbom";

/** A key of a policy. */
export interface PolicyKey {
  readonly key: ImageKey;
  /** For whose builds it may vouch, by URI; empty: those of a machine of which nothing is known. */
  readonly builders: readonly string[];
}

/** What was found of an image. */
export interface ImageJudgement {
  /** As it was asked for. */
  readonly reference: string;
  readonly digest: string;
  /** One for each code, in their order. */
  readonly checks: readonly ImageCheck[];
}

/** The checks, by the codes of docs/images.md. */
export type ImageCheckCode = "V1" | "V2" | "V3" | "V4" | "V5" | "V6" | "V7" | "V8" | "V9";

/** One check of an image. */
export interface ImageCheck {
  readonly code: ImageCheckCode;
  /** `altered`: it failed, and what is there says that a trusted key signed something else. */
  readonly outcome: "held" | "failed" | "altered" | "notAsked";
  /** What was found, each a sentence without a full stop. */
  readonly details: readonly string[];
}
