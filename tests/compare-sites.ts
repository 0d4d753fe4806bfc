/**
 * Whether two builds of the site say the same: `node tests/compare-sites.ts <before> <after>` lists the files that
 * differ once everything has been replaced that depends on how the code is laid out, not on what the pages show.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The same page whatever the names of its assets, Astro's scoping attributes and the data embedded for scripts are. */
export function normalisePage(html: string): string {
  return (
    html
      .replace(/ data-astro-cid-\w+(="")?/g, '')
      .replace(/'sha256-[^']+'/g, "'sha256'")
      .replace(/('sha256' ?)+/g, "'sha256' ")
      .replace(/(<script type="application\/json"[^>]*>)[^<]*/g, '$1')
      .replace(/ data-setup="[^"]*"/g, ' data-setup')
      // Which components share a stylesheet or a script is the bundler's business.
      .replace(/<link rel="stylesheet" href="[^"]*\/_astro\/[^"]*"\s*\/?>/g, '')
      .replace(/<script type="module" src="[^"]*\/_astro\/[^"]*"><\/script>/g, '')
      .replace(/\/_astro\/[\w.-]+/g, '/_astro/asset')
      .replace(/>\s+</g, '><')
      // One element a line, so that a difference can be read.
      .replace(/></g, '>\n<')
  );
}

/** All rules of the site's stylesheets, sorted: their order within a sheet depends on the modules' order. */
function styles(site: string): string {
  const sheets = globSync('_astro/*.css', { cwd: site }).map((name) =>
    readFileSync(join(site, name), 'utf8'),
  );
  const rules = sheets
    .join('\n')
    .replace(/\[data-astro-cid-\w+\]/g, '')
    .split('}');
  return [...new Set(rules)].sort().join('}\n');
}

function content(site: string, path: string): string {
  const bytes = readFileSync(join(site, path));
  return path.endsWith('.html') ? normalisePage(bytes.toString('utf8')) : bytes.toString('latin1');
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const [before, after] = process.argv.slice(2).map((folder) => resolve(folder));
  if (!before || !after || !existsSync(before) || !existsSync(after)) {
    console.error('Name two built sites: node tests/compare-sites.ts <before> <after>');
    process.exit(2);
  }
  const files = (site: string): string[] =>
    globSync('**/*.*', { cwd: site }).filter((path) => !path.startsWith('_astro'));
  const paths = [...new Set([...files(before), ...files(after)])].sort();
  let different = 0;
  const report = (path: string, one: string, other: string): void => {
    if (one === other) return;
    different++;
    console.log(`differs: ${path}`);
    if (process.env['KEEP']) {
      for (const [side, text] of Object.entries({ before: one, after: other }))
        writeFileSync(join(process.env['KEEP'], `${path.replaceAll('/', '_')}.${side}`), text);
    }
  };
  for (const path of paths) {
    if (!existsSync(join(before, path)) || !existsSync(join(after, path))) report(path, 'absent', '');
    else report(path, content(before, path), content(after, path));
  }
  report('styles', styles(before), styles(after));
  console.log(`${paths.length} files, ${different} differ`);
  process.exitCode = different ? 1 : 0;
}
