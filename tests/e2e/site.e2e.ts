/** What the site's pages are besides their figures: their heads, the contents in the margin, paper, stillness. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { address, expectClean, useBrowser } from './browser.ts';

const { open } = useBrowser();
const PATHS = ['/', '/draw/', '/finetune/', '/runs/', '/card/', '/use/'] as const;
const PAGES = PATHS.flatMap((path) => [
  { path, lang: 'zh-CN', page: path },
  { path, lang: 'en', page: `/en${path}` as const },
]);
const text = async (path: `/${string}`): Promise<string> => {
  const response = await fetch(address(path));
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
};
/** Path of a full address, under the base on which the site is tested. */
const within = (url: string | null | undefined): string => {
  const base = new URL(inject('site')).pathname.replace(/\/$/, '');
  const { pathname } = new URL(url ?? '');
  expect(pathname.startsWith(`${base}/`)).toBe(true);
  return pathname.slice(base.length);
};

describe('the head', () => {
  it.each(PAGES)('of $page names itself, its translation and its card', async ({ path, lang, page }) => {
    const opened = await open(page, { javaScriptEnabled: false });
    const head = await opened.page.evaluate(() => {
      const of = (selector: string, attribute: string) =>
        document.head.querySelector(selector)?.getAttribute(attribute);
      return {
        lang: document.documentElement.lang,
        title: document.title,
        description: of('meta[name=description]', 'content') ?? '',
        robots: of('meta[name=robots]', 'content'),
        canonical: of('link[rel=canonical]', 'href'),
        alternates: [...document.head.querySelectorAll('link[rel=alternate]')].map((link) => [
          link.getAttribute('hreflang'),
          link.getAttribute('href'),
        ]),
        url: of('meta[property="og:url"]', 'content'),
        ogTitle: of('meta[property="og:title"]', 'content') ?? '',
        image: of('meta[property="og:image"]', 'content'),
        imageAlt: of('meta[property="og:image:alt"]', 'content') ?? '',
        card: of('meta[name="twitter:card"]', 'content'),
      };
    });
    await opened.close();
    expect(head.lang).toBe(lang);
    expect(head.title).toContain(head.ogTitle);
    expect(head.description.length).toBeGreaterThan(20);
    expect(head.robots).toBeUndefined();
    expect(within(head.canonical)).toBe(page);
    expect(head.url).toBe(head.canonical);
    expect(head.alternates.map(([hreflang, href]) => [hreflang, within(href)])).toEqual([
      ['zh-CN', path],
      ['en', `/en${path}`],
      ['x-default', path],
    ]);
    expect(head.card).toBe('summary_large_image');
    expect(head.imageAlt).not.toBe('');
    const card = readFileSync(join(inject('dist'), within(head.image)));
    // Width and height of a PNG.
    expect([card.readUInt32BE(16), card.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  it.each([
    { page: '/', lang: 'zh-CN', translation: undefined },
    { page: '/en/', lang: 'en', translation: 'zh-CN' },
  ] as const)('of $page has the article as structured data', async ({ page, lang, translation }) => {
    const json = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(await text(page))?.[1];
    const article = JSON.parse(json ?? 'null') as Record<string, unknown>;
    expect(article).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'ScholarlyArticle',
      author: { name: '涂锦鹏' },
      inLanguage: lang,
    });
    expect(article['headline']).not.toBe('');
    expect(within(article['url'] as string)).toBe(page);
    expect((article['translationOfWork'] as { inLanguage?: string } | undefined)?.inLanguage).toBe(
      translation,
    );
  });

  it('is not needed where nothing is: the 404 speaks both languages and is not for search engines', async () => {
    const page = await text('/404.html');
    expect(page).toContain('<meta name="robots" content="noindex">');
    expect(page).toContain('没有这个页面');
    expect(page).toContain('lang="en"');
    expect(page).not.toContain('rel="canonical"');
  });
});

it('the sitemap lists every page but the 404 with its translation, and robots.txt leads to it', async () => {
  const sitemap = /<loc>(.*?)<\/loc>/.exec(await text('/sitemap-index.xml'))?.[1];
  expect(await text('/robots.txt')).toContain(`Sitemap: ${sitemap?.replace('sitemap-0', 'sitemap-index')}`);
  const urls = [...(await text('/sitemap-0.xml')).matchAll(/<url>.*?<\/url>/gs)].map(([entry]) => ({
    page: within(/<loc>(.*?)<\/loc>/.exec(entry)?.[1]),
    languages: [...entry.matchAll(/hreflang="(.*?)"/g)].map(([, each]) => each).sort(),
  }));
  expect(urls.map(({ page }) => page).sort()).toEqual(PAGES.map(({ page }) => page as string).sort());
  for (const { languages } of urls) expect(languages).toEqual(['en', 'zh-CN']);
});

it('the citation has the report and the reproduction, each with its address', async () => {
  const opened = await open('/en/', { javaScriptEnabled: false });
  const bibtex = await opened.page.locator('.bibtex').innerText();
  expect(bibtex.match(/^@\w+\{[\w-]+,$/gm)).toHaveLength(2);
  expect([...bibtex.matchAll(/url += \{(.*?)\}/g)].map(([, url]) => within(url))).toEqual(['/', '/en/']);
  expect(bibtex.split('{').length).toBe(bibtex.split('}').length);
  await opened.close();
});

describe('the contents', () => {
  it('follow the reader in the margin', async () => {
    const opened = await open('/en/', { reducedMotion: 'reduce' });
    const { page } = opened;
    const current = page.locator('.contents [aria-current=location]');
    for (const id of ['s3-2', 's6-2', 's2-1']) {
      await page.locator(`#${id}`).evaluate((heading) => heading.scrollIntoView());
      await page.locator(`.contents a[href="#${id}"][aria-current=location]`).waitFor();
      expect(await current.count()).toBe(1);
    }
    expectClean(opened);
    await opened.close();
  });

  it('are a bar on a phone that says where one is, opens, leads and closes', async () => {
    const opened = await open('/', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
    });
    const { page } = opened;
    await page.locator('#s5').evaluate((heading) => heading.scrollIntoView());
    await page.locator('.contents .current').filter({ hasText: '五、' }).waitFor();
    await page.locator('.contents summary').tap();
    await page.locator('.contents a[href="#s7-2"]').tap();
    await page.waitForURL(/#s7-2$/);
    expect(await page.locator('.contents details').getAttribute('open')).toBeNull();
    await page.locator('.contents .current').filter({ hasText: '7.2' }).waitFor();
    expectClean(opened);
    await opened.close();
  });
});

it.each([1280, 1440])(
  'side notes stand beside their text and not on one another, %d px wide',
  async (width) => {
    for (const path of ['/', '/en/'] as const) {
      const opened = await open(path, { viewport: { width, height: 900 } });
      const notes = await opened.page.locator('aside.note').evaluateAll((all) =>
        all.map((note) => {
          const { top, bottom, left, right } = note.getBoundingClientRect();
          const article = note.closest('article')!.getBoundingClientRect();
          return { top, bottom, beside: left >= article.right && right <= innerWidth };
        }),
      );
      expect(notes.length).toBeGreaterThan(8);
      expect(notes.every(({ beside }) => beside)).toBe(true);
      const overlaps = notes.filter((note, i) =>
        notes.some((other, j) => j > i && note.bottom > other.top && other.bottom > note.top),
      );
      expect(overlaps).toEqual([]);
      await opened.close();
    }
  },
);

describe('on paper', () => {
  it.each(['/', '/en/', '/en/runs/', '/en/card/'] as const)(
    '%s is light, whole and without controls',
    async (path) => {
      const opened = await open(path, { colorScheme: 'dark' });
      const { page } = opened;
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      // A4 at 96 dpi, less the margins.
      await page.setViewportSize({ width: 672, height: 986 });
      const found = await page.evaluate(() => {
        const shown = [...document.body.querySelectorAll<HTMLElement>('*')].filter(
          (element) =>
            element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible',
        );
        const name = ({ outerHTML }: HTMLElement) => outerHTML.slice(0, 100);
        return {
          paper: getComputedStyle(document.body).backgroundColor,
          controls: shown
            .filter((element) =>
              element.matches('nav, header.no-print, footer, input, select, .needs-js, [data-download]'),
            )
            .map(name),
          cut: shown
            .filter(
              (element) =>
                ['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowY) &&
                element.scrollHeight > element.clientHeight + 1 &&
                element.clientHeight > 1,
            )
            .map(name),
          wide: shown
            .filter(
              (element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('svg'),
            )
            .map(name),
        };
      });
      expect(found).toEqual({ paper: 'rgb(255, 255, 255)', controls: [], cut: [], wide: [] });
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
      expect(pdf.match(/\/Type \/Page\b/g)!.length).toBeLessThan(45);
      expectClean(opened);
      await opened.close();
    },
  );
});

it.each(['/', '/draw/', '/finetune/', '/runs/'] as const)(
  '%s keeps still for who asks for it',
  async (path) => {
    const opened = await open(path, { reducedMotion: 'reduce' });
    const moving = await opened.page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) => {
        const { scrollBehavior, transitionDuration, animationName } = getComputedStyle(element);
        const still =
          scrollBehavior === 'auto' && /^(0s(, )?)+$/.test(transitionDuration) && animationName === 'none';
        return still ? [] : [element.outerHTML.slice(0, 100)];
      }),
    );
    expect(moving).toEqual([]);
    await opened.close();
  },
);

it('the browser’s bar takes the colour of the theme that is chosen', async () => {
  const opened = await open('/en/card/', { colorScheme: 'light' });
  const { page } = opened;
  const colours = () =>
    page
      .locator('meta[name="theme-color"]')
      .evaluateAll((all) => all.map((meta) => (meta as HTMLMetaElement).content));
  const [light, dark] = await colours();
  expect(light).not.toBe(dark);
  await page.locator('#theme-switch').click();
  expect(await colours()).toEqual([dark, dark]);
  await page.reload();
  expect(await colours()).toEqual([dark, dark]);
  await page.locator('#theme-switch').click();
  expect(await colours()).toEqual([light, dark]);
  expectClean(opened);
  await opened.close();
});

it('the runs begin with one table, the most accurate first, which is sorted by its columns and leads to each', async () => {
  const opened = await open('/en/runs/');
  const { page } = opened;
  const values = (column: number) =>
    page
      .locator(`#all-runs tbody td:nth-child(${column})`)
      .evaluateAll((cells) => (cells as HTMLElement[]).map(({ dataset }) => Number(dataset['value'])));
  const accuracies = await values(2);
  expect(accuracies.length).toBeGreaterThan(1);
  expect(accuracies).toEqual(accuracies.toSorted((a, b) => b - a));
  await page.locator('#all-runs').getByRole('button', { name: 'Time' }).click();
  const seconds = await values(4);
  expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
  const last = page.locator('#all-runs tbody th a').last();
  const id = await last.innerText();
  await last.click();
  await page.locator(`details[id="${id}"][open] .facts`).waitFor();

  const figure = page.locator('#fig-runs');
  await figure.scrollIntoViewIfNeeded();
  await page.locator('#fig-runs[data-awake]').waitFor();
  const coloured = figure.locator('.variant.wide .curve:not(.other)');
  const before = await coloured.count();
  await figure.locator('button[aria-pressed=false]').first().click();
  expect(await coloured.count()).toBe(before + 1);
  expect(new URL(page.url()).searchParams.get('fig-runs')).toMatch(/^show-/);
  expectClean(opened);
  await opened.close();
});

it.each([
  {
    path: '/card/',
    own: [
      '模型卡：sketch',
      '外套 <span lang="en">Coat</span>',
      '/sketch/card.zh.md',
      'lang="en" href="/en/card/#sketch"',
    ],
  },
  {
    path: '/en/card/',
    own: [
      'Model card: sketch',
      'Coat <span lang="zh-CN">外套</span>',
      '/sketch/card.md',
      'lang="zh-CN" href="/card/#sketch"',
    ],
  },
] as const)(
  '$path holds the cards in its language, with the classes in both, and leads to the other',
  async ({ path, own }) => {
    const card = (await text(path)).replaceAll(
      `href="${new URL(inject('site')).pathname.replace(/\/$/, '')}`,
      'href="',
    );
    for (const part of own) expect(card).toContain(part);
    expect(card).toContain('id="sketch-recipe"');
  },
);
