import type { Clock } from "../../engine/clock.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { BuiltIndex } from "../../image/assemble_image.ts";
import type { AuditReport } from "../../image/audit_packages.ts";
import type { BomFacts } from "../image_contents.ts";
import type { ImageBuild } from "../image_tools.ts";
import type { CargoParts } from "./cargo_tools.ts";
import type { ImageDocument } from "./image_documents.ts";
import type { LayoutFolder } from "./layout_folder.ts";
import type { BaseParts } from "./registry_base.ts";
import type { VouchedBuild } from "./vouch_for.ts";

/** What to build, the working folder, absolute, and how bases and programs are had. */
export interface BuildRequest extends ImageBuild {
  readonly clock: Clock;
  /** Of smelt, which documents name as their writer. */
  readonly toolVersion: string;
  readonly folder: string;
  readonly bases: BaseParts;
  readonly cargo: CargoParts;
}

/** An image that is in no layout yet, and what is to be said of how it was built. */
export interface MadeImage {
  readonly index: BuiltIndex;
  readonly notes: readonly string[];
  /** Its bills of materials. */
  readonly documents: readonly ImageDocument[];
  /** What the audit of its programs said; `undefined` where nothing is known of what they are made of. */
  readonly report: AuditReport | undefined;
  /** Where the layers of its base lie. */
  readonly from: LayoutFolder | undefined;
  /** What its provenance is told of. */
  readonly finished: Omit<VouchedBuild, "held" | "documents">;
}

/** An image that is in a layout, with its bills of materials. */
export interface WrittenImage extends MadeImage {
  readonly boms: readonly BomFacts[];
  /** The predicate of its provenance, where that was asked for. */
  readonly provenance: JsonObject | undefined;
}
