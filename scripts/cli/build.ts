/** Builds the site for a command that looks at it in a browser. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../../src/node/errors.ts';
import { ROOT } from '../../src/runs/run-folders.ts';

/** Builds the site into `folder` and returns it. @throws UserError with the output of a failed build */
export function buildSite(folder: string): string {
  const astro = join(ROOT, 'node_modules/astro/bin/astro.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [astro, 'build', '--outDir', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', BASE_PATH: '' },
  });
  if (status !== 0) throw new UserError(`The site could not be built:\n${(stdout + stderr).trimEnd()}`, 1);
  return folder;
}
