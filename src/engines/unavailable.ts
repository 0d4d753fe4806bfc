/** The first line of what an error says, without a full stop. */
export function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line!.trim().replace(/\.$/, '');
}

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
