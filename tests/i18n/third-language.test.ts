/** A language more is a folder of words, a folder of chapters and a line in the list: a made-up one is added and built. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Metrics } from '../../src/artifacts/schema.ts';
import { languages } from '../../src/i18n/languages.ts';

const root = resolve(import.meta.dirname, '../..');
const project = mkdtempSync(join(tmpdir(), 'third-language-'));
const link = (from: string, to: string) =>
  symlinkSync(from, to, process.platform === 'win32' ? 'junction' : undefined);

/** The made-up language: English with every text in brackets, numbers and lists as in German. */
const NAME = 'xx';
const TAG = 'de';
const mark = (words: unknown): unknown => {
  if (typeof words === 'string') return `⟦${words}⟧`;
  if (Array.isArray(words)) return words.map(mark);
  return Object.fromEntries(Object.entries(words as object).map(([key, text]) => [key, mark(text)]));
};
/** All texts of a part. */
const textsOf = (words: unknown): string[] =>
  typeof words === 'string' ? [words] : Object.values(words as object).flatMap(textsOf);

const parts = globSync('src/i18n/en/*.ts', { cwd: root }).map((path) => basename(path, '.ts'));
/** What a part exports: its words, and lists such as the names of the classes. */
const wordsOf = async (lang: string, part: string): Promise<{ default: unknown }> =>
  (await import(`../../src/i18n/${lang}/${part}.ts`)) as { default: unknown };

async function addLanguage(): Promise<void> {
  const words = join(project, 'src/i18n', NAME);
  mkdirSync(words);
  for (const part of parts) {
    const exports = Object.entries(await wordsOf('en', part)).map(([name, value]) => {
      const marked = JSON.stringify(mark(value));
      return name === 'default' ? `export default ${marked};\n` : `export const ${name} = ${marked};\n`;
    });
    writeFileSync(join(words, `${part}.ts`), exports.join(''));
  }
  cpSync(join(root, 'src/content/report/en'), join(project, 'src/content/report', NAME), { recursive: true });
  const list = join(project, 'src/i18n/languages.ts');
  const line = { ...languages.en, tag: TAG, name: 'Made up', openGraph: 'xx_XX' };
  const [before, after] = readFileSync(list, 'utf8').split(/^(?=\} as const satisfies)/m);
  writeFileSync(list, `${before}  ${NAME}: ${JSON.stringify(line)},\n${after}`);
}

const read = (path: string): string => readFileSync(join(project, 'dist', path), 'utf8');
const pagesIn = (folder: string): string[] => globSync('**/*.html', { cwd: join(project, 'dist', folder) });

function build(publicFolder: string) {
  const astro = join(project, 'node_modules/astro/bin/astro.mjs');
  return spawnSync(process.execPath, [astro, 'build'], {
    cwd: project,
    encoding: 'utf8',
    env: {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: '1',
      PUBLIC_DIR: publicFolder,
      SITE_URL: 'http://localhost:4321',
      BASE_PATH: '/',
      GITHUB_SERVER_URL: 'https://code.example',
      GITHUB_REPOSITORY: 'somebody/garments',
      // vitest's own would make Vite build for development.
      NODE_ENV: 'production',
      VITEST: undefined,
    },
  });
}

beforeAll(async () => {
  for (const name of ['src', 'examples', 'astro.config.mjs', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(project, name), { recursive: true });
  }
  // Packages one by one: what the build keeps in node_modules is its own, not the project's.
  mkdirSync(join(project, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) link(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
  await addLanguage();
  const { status, stdout, stderr } = build(join(root, 'public'));
  expect(status, stdout + stderr).toBe(0);
}, 180_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('a third language', () => {
  it('has every page', () => {
    expect(pagesIn(NAME).length).toBeGreaterThan(3);
    expect(pagesIn(NAME).sort()).toEqual(pagesIn('en').sort());
    // It shows the trainings of the developer's own machine.
    expect(globSync('**/*training*', { cwd: join(project, 'dist') })).toEqual([]);
  });

  it('is named on all pages, which link each other in all languages', () => {
    const tags = [...Object.values(languages).map(({ tag }) => tag), TAG];
    for (const path of pagesIn(NAME)) {
      expect(read(join(NAME, path))).toContain(`<html lang="${TAG}"`);
      for (const lang of ['.', 'en', NAME]) {
        const page = read(join(lang, path));
        const alternates = [...page.matchAll(/<link rel="alternate" hreflang="([^"]*)"/g)].map((m) => m[1]);
        expect(alternates).toEqual([...tags, 'x-default']);
        const links = [...page.matchAll(/<a [^>]*hreflang="([^"]*)"/g)].map((m) => m[1]);
        const own = /<html lang="([^"]*)"/.exec(page)![1];
        expect(links).toEqual(tags.filter((tag) => tag !== own));
      }
    }
    expect(read('sitemap-0.xml')).toContain(`hreflang="${TAG}"`);
    expect(read('404.html')).toContain('⟦There is no such page⟧');
  });

  it('has the anchors of the others', () => {
    const anchors = (page: string) => [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    for (const path of pagesIn(NAME)) {
      expect(anchors(read(join(NAME, path)))).toEqual(anchors(read(join('en', path))));
    }
  });

  it('is not built without the picture that is shown where a page is linked to', () => {
    const { status, stderr } = build(join(project, 'src'));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /There is no .*social-zh\.png, which src\/i18n\/languages\.ts names for "zh"; put a/,
    );
  }, 60_000);

  it('speaks its own words alone', async () => {
    const foreign = new Set<string>();
    for (const lang of ['en', 'zh']) {
      for (const part of parts) {
        // A word in small letters may be the name of a run, and punctuation is no language's own.
        for (const text of textsOf((await wordsOf(lang, part)).default))
          if (/[A-Za-z]{2}|\p{Script=Han}/u.test(text) && /[^a-z]/.test(text)) foreign.add(text);
      }
    }
    for (const path of pagesIn(NAME)) {
      // The cards name the classes in every language, and settings by their names in metrics.json.
      const own = read(join(NAME, path)).replace(/<span lang="[^"]*">[^<]*<\/span>/g, '');
      const texts = [...own.matchAll(/>([^<>]+)<| (?:aria-label|alt|title|placeholder|content)="([^"]*)"/g)];
      const found = texts.map(([, text, attribute]) => (text ?? attribute!).trim());
      expect(found.filter((text) => text.includes('⟦')).length).toBeGreaterThan(10);
      expect(found.filter((text) => foreign.has(text))).toEqual([]);
    }
  });

  it('leads to the code, whose address the build was told', () => {
    const code = 'https://code.example/somebody/garments';
    for (const path of pagesIn('.')) {
      const [header, footer] = [/<header.*?<\/header>/s, /<footer.*?<\/footer>/s].map((part) =>
        part.exec(read(path)),
      );
      for (const part of [header, footer]) expect(part?.[0], path).toContain(`href="${code}"`);
    }
    const { id, source } = JSON.parse(read('models/baseline/metrics.json')) as Metrics;
    expect(id).toBe('baseline');
    for (const path of ['index.html', join(NAME, 'runs/index.html')]) {
      expect(read(path)).toContain(`git clone ${code}\ncd garments\n`);
      expect(read(path)).toContain(`href="${code}/commit/${source.commit}"`);
    }
  });

  it('writes numbers as its tag asks for', () => {
    expect(read(join(NAME, 'runs/index.html'))).toMatch(/>\s*\d\d,\d\d\s%/);
  });
});
