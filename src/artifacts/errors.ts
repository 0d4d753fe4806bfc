/** A published file that is missing, damaged or of another version; the message names the file and the reason. */
export class ArtifactError extends Error {
  readonly file: string;
  readonly id: string;
  readonly reason: string;

  constructor(file: string, id: string, reason: string) {
    super(`${file} of "${id}": ${reason}`);
    this.name = 'ArtifactError';
    this.file = file;
    this.id = id;
    this.reason = reason;
  }
}
