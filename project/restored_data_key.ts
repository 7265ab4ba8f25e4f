/**
 * What the acceptance of a loss means for secrets: the key that the restored log names is in use again, though the lost part may
 * have ended it, as one that has leaked.
 */
export function restoredDataKeyText(activeDataKey: string): string {
  return `Secrets go under the data key ${activeDataKey} again: where the lost part had exchanged it, whoever has it opens what ` +
    "comes, until smelt secrets rotate";
}
