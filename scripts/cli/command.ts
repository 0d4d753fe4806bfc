/** What all commands share: one table of flags, from which they are read and explained, and the exit codes. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ArtifactError } from '../../src/artifacts/integrity.ts';
import { BACKEND_CHOICES, THREADED_BACKENDS } from '../../src/engines/backends.ts';
import { messageOf, UserError } from '../../src/node/errors.ts';

export interface Flag<Value> {
  /** The value's name in the help text, such as `n`; absent for a flag that takes none. */
  placeholder?: string;
  help: string;
  /** Shown and meant as `--no-<name>`. */
  negated?: true;
  /** @throws UserError when the value will not do. @param name as typed, without the dashes */
  read: (value: string, name: string) => Value;
}

/** Flags by their names in camel case: `stopAt` is `--stop-at`. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** What was given; undefined for flags left out. */
export type Options<F extends Flags> = {
  [Name in keyof F]?: F[Name] extends Flag<infer Value> ? Value : never;
};

export const toggle = (help: string): Flag<boolean> => ({ help, read: Boolean });

/** A toggle that is on unless it is given as `--no-<name>`. */
export const negated = (help: string): Flag<boolean> => ({ help, negated: true, read: Boolean });

export const text = (placeholder: string, help: string): Flag<string> => ({
  placeholder,
  help,
  read(value, name) {
    if (value.trim() === '') throw new UserError(`--${name} needs a value.`);
    return value;
  },
});

/** @param where what sets the limits, in words */
export const whole = (min: number, max: number, help: string, where = ''): Flag<number> => ({
  placeholder: 'n',
  help,
  read(value, name) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw new UserError(`--${name} takes a whole number from ${min} to ${max}${where}, not "${value}".`);
    }
    return number;
  },
});

/** Read as a fraction. */
export const percentage = (help: string): Flag<number> => ({
  placeholder: 'percent',
  help,
  read(value, name) {
    const number = Number(value);
    if (!/^\d+(\.\d+)?$/.test(value) || number <= 0 || number > 100) {
      throw new UserError(
        `--${name} takes a percentage above 0 and up to 100, such as 93.72, not "${value}".`,
      );
    }
    // As decimal digits, so that 93.72 is the number that 0.9372 is.
    return Number((number / 100).toFixed(12));
  },
});

export const oneOf = <Name extends string>(known: readonly Name[], help: string): Flag<Name> => ({
  placeholder: 'name',
  help,
  read(value, name) {
    const found = known.find((each) => each === value);
    if (!found) throw new UserError(`Unknown ${name} "${value}"; known are ${known.join(', ')}.`);
    return found;
  },
});

/** Texts with commas between them. */
export const list = (placeholder: string, help: string): Flag<string[]> => ({
  placeholder,
  help,
  read(value, name) {
    const items = value.split(',').map((item) => item.trim());
    if (!items.some(Boolean)) throw new UserError(`--${name} needs a value.`);
    return items.filter(Boolean);
  },
});

export const threadsFlag = whole(
  1,
  availableParallelism(),
  `Threads of ${new Intl.ListFormat('en-GB').format(THREADED_BACKENDS)}. Default: one per core.`,
  ', the threads that this machine has',
);

/** The flags that choose where to compute. @param byDefault what is taken without them, as a sentence */
export const backendFlags = (byDefault = 'the fastest that works here.') => ({
  backend: oneOf(BACKEND_CHOICES, `${BACKEND_CHOICES.join(', ')}.\nDefault: ${byDefault}`),
  threads: threadsFlag,
});

/** Columns of the names of flags, and of a line in all. */
const [LEFT, WIDTH] = [22, 118];

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function explain(flags: Flags): string {
  const wrap = new RegExp(`.{1,${WIDTH - LEFT}}(?: |$)`, 'gm');
  return Object.entries(flags)
    .map(([name, { placeholder, help, negated }]) => {
      const title = `  --${negated ? 'no-' : ''}${dashed(name)}${placeholder ? ` <${placeholder}>` : ''}`;
      const lines = help.match(wrap)!.map((line) => ' '.repeat(LEFT) + line.trimEnd());
      if (title.length < LEFT) lines[0] = title.padEnd(LEFT) + lines[0]!.slice(LEFT);
      else lines.unshift(title);
      return lines.join('\n');
    })
    .join('\n');
}

export interface Command<F extends Flags> {
  /** The name under which npm runs it. */
  name: string;
  /** What `--help` prints before the flags and, where there is more to say, after them. */
  about: string;
  notes?: string;
  flags: F;
  /** The flags under headings, where there are many. */
  sections?: Readonly<Record<string, Flags>>;
  /** Whether it takes arguments other than flags. */
  takesNames?: boolean;
}

export function helpText<F extends Flags>({ about, notes, flags, sections }: Command<F>): string {
  const parts = Object.entries(sections ?? { '': flags }).map(([title, part]) =>
    [title, explain(part)].filter(Boolean).join('\n'),
  );
  return [about, ...parts, `${'  --help, -h'.padEnd(LEFT)}This text.`, notes].filter(Boolean).join('\n\n');
}

/** @throws UserError on flags that are not known and values that will not do */
export function parseFlags<F extends Flags>(
  { name: command, flags, takesNames = false }: Command<F>,
  args: readonly string[],
): { options: Options<F>; names: string[]; help: boolean } {
  const types = Object.entries(flags).map(([name, { placeholder }]) => {
    const type = placeholder ? ('string' as const) : ('boolean' as const);
    return [dashed(name), { type }] as const;
  });
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(types), help: { type: 'boolean', short: 'h' } },
      allowPositionals: takesNames,
      allowNegative: true,
    });
  } catch (error) {
    // Node's first sentence says what is wrong, its others how one might quote it.
    const [sentence] = messageOf(error).split('. ');
    throw new UserError(`${sentence!.replace(/\.?$/, '.')} "npm run ${command} -- --help" lists the flags.`);
  }
  const values: Readonly<Record<string, string | boolean | undefined>> = parsed.values;
  const options = Object.entries(flags).flatMap(([name, { read }]) => {
    const value = values[dashed(name)];
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? read(value, dashed(name)) : value]];
  });
  return {
    options: Object.fromEntries(options) as Options<F>,
    names: parsed.positionals,
    help: values['help'] === true,
  };
}

/** The one run that a command is about. @throws UserError unless it is named alone */
export function onlyRun(command: string, [name, ...more]: readonly string[]): string {
  if (name !== undefined && more.length === 0) return name;
  throw new UserError(`Name one run to ${command}: npm run ${command} -- baseline`);
}

/**
 * Runs a command and ends with its exit code, or with one sentence and another code where it fails; only what nobody
 * foresaw is printed with its stack.
 */
export async function runCommand<F extends Flags>(
  command: Command<F>,
  main: (options: Options<F>, names: string[]) => number | Promise<number>,
): Promise<void> {
  try {
    const { options, names, help } = parseFlags(command, process.argv.slice(2));
    if (help) console.log(helpText(command));
    else process.exitCode = await main(options, names);
  } catch (error) {
    if (error instanceof UserError) {
      console.error(error.message);
      process.exitCode = error.exitCode;
    } else if (error instanceof ArtifactError) {
      // A published file is input to a command, and its error says what is wrong with it.
      console.error(`${error.message}.`);
      process.exitCode = 2;
    } else {
      console.error(
        `Unexpected failure, please report it: ${error instanceof Error ? error.stack : String(error)}`,
      );
      process.exitCode = 1;
    }
  }
}
