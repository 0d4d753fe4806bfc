/** A backend cannot be had here. The message says why, in few words and without a full stop. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  /** What would help, as an imperative: `install it with "npm install …"`; undefined where nothing would. */
  readonly remedy: string | undefined;

  constructor(reason: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.remedy = options.remedy;
  }
}
