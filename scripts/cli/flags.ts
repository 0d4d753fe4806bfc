/** Flags of the command line, and sentences on what is wrong with them. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UserError } from '../../src/node/errors.ts';

type Config = Pick<ParseArgsConfig, 'options' | 'allowPositionals'>;

/**
 * As `parseArgs`, with the negation of flags allowed (`--no-publish`).
 * @param script the name under which npm runs it
 * @throws UserError on what is not known
 */
export function readFlags<const T extends Config>(
  script: string,
  args: readonly string[],
  config: T,
): ReturnType<typeof parseArgs<T & { args: string[]; allowNegative: true }>> {
  try {
    return parseArgs({ ...config, args: [...args], allowNegative: true });
  } catch (error) {
    // Node's first sentence says what is wrong, its others how one might quote it.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UserError(`${sentence!.replace(/\.?$/, '.')} "npm run ${script} -- --help" lists the flags.`);
  }
}

/**
 * @param where what sets the limits, in words
 * @throws UserError unless the value is a whole number from min to max, or absent
 */
export function whole(
  name: string,
  value: string | undefined,
  min: number,
  max: number,
  where = '',
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) {
    throw new UserError(`--${name} takes a whole number from ${min} to ${max}${where}, not "${value}".`);
  }
  return number;
}

/** @returns a fraction. @throws UserError unless the value is a number above 0 and up to 100, or absent */
export function percentage(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || number <= 0 || number > 100) {
    throw new UserError(`--${name} takes a percentage above 0 and up to 100, such as 93.72, not "${value}".`);
  }
  // As decimal digits, so that 93.72 is the number that 0.9372 is.
  return Number((number / 100).toFixed(12));
}

/** @throws UserError unless the value is one of those known, or absent */
export function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((item) => item === value);
  if (!found) throw new UserError(`Unknown ${name} "${value}"; known are ${known.join(', ')}.`);
  return found;
}

/** @throws UserError on a value that is there but empty */
export function filled(name: string, value: string | undefined): string | undefined {
  if (value?.trim() === '') throw new UserError(`--${name} needs a value.`);
  return value;
}
