/** A user without rights, as whom a test starts a child process that meets a folder it may not write. */
export interface OtherUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Reads the user `nobody` from the text of `/etc/passwd`; `undefined` when there is none. */
export function nobodyOf(passwd: string): OtherUser | undefined {
  const fields = passwd.split("\n").map((line) => line.split(":")).find(([name]) => name === "nobody");
  if (fields === undefined) return undefined;
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { name: "nobody", uid, gid } : undefined;
}
