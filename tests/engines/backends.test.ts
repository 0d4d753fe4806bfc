import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { NODE_BACKENDS } from '../../src/engines/backends.ts';

it.each(['README.md', 'docs/architecture.md'])('%s describes every backend of --backend', async (file) => {
  const text = await readFile(file, 'utf8');
  for (const name of NODE_BACKENDS) expect(text).toContain(`\`${name}\``);
});
