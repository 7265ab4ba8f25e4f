import { dirname } from "node:path";
import type { Repair } from "./log_backend.ts";
import { syncFolder } from "./sync_folder.ts";
import { afterLine, judgeTail, type LogEnd, type LogTail, type TailJudge } from "./torn_tail.ts";
import { writeAll } from "./write_all.ts";

const NEWLINE = new Uint8Array([0x0a]);

/** The log that is mended, under its lock. */
export interface TornLog {
  readonly file: Deno.FsFile;
  readonly path: string;
  readonly judge: TailJudge;
}

/**
 * Mends what an append that was cut short has left. A whole record gets its line end; anything shorter is copied aside and
 * cut off; a whole record with other bytes after it is damage. Durable once it resolves.
 */
export async function repairTail(
  log: TornLog,
  tail: LogTail,
): Promise<{ readonly end: LogEnd; readonly repair: Repair | undefined }> {
  const { end, torn } = tail;
  if (torn === undefined) return { end, repair: undefined };
  switch (await judgeTail(torn, log.judge)) {
    case "whole":
      await log.file.seek(torn.offset + torn.bytes.length, Deno.SeekMode.Start);
      await writeAll(log.file, NEWLINE);
      await log.file.sync();
      return { end: afterLine(end, torn), repair: { kind: "completed", sizeBytes: 0, keptAt: undefined } };
    case "cutShort": {
      const { bytes } = torn;
      const keptAt = await keepAside(log.path.replace(/\.log$/, ""), bytes);
      await log.file.truncate(end.offset);
      await log.file.sync();
      return { end, repair: { kind: "cut", sizeBytes: bytes.length + (torn.isFinished ? 1 : 0), keptAt } };
    }
  }
}

/** Copies bytes to the first free name and makes them durable. */
async function keepAside(stem: string, bytes: Uint8Array): Promise<string> {
  for (let nth = 1;; nth++) {
    const path = `${stem}.torn-${nth}`;
    using file = await createNew(path);
    if (file === undefined) continue;
    await writeAll(file, bytes);
    await file.sync();
    await syncFolder(dirname(path));
    return path;
  }
}

async function createNew(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
}
