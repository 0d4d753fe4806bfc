/** Pages for whoever comes: narrow windows, large text, forced colours, the faces of a language, markup by the rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { anchorOf } from '../../src/components/charts/figures.ts';
import { LANGUAGES } from '../../src/i18n/languages.ts';
import { pageHref, PAGES } from '../../src/i18n/paths.ts';
import { expectClean, useBrowser } from './browser.ts';

const { open } = useBrowser();
const PATHS = [...LANGUAGES.flatMap((lang) => PAGES.map(({ path }) => pageHref(lang, path))), '/404.html'];

/** By how many pixels the page scrolls sideways, and what sticks out. */
const sideways = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('main *, header *, footer *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    const inner = wide.filter(
      (element) => !wide.some((other) => other !== element && element.contains(other)),
    );
    return [
      `${scrollWidth - clientWidth} px`,
      ...inner.slice(0, 5).map(({ outerHTML }) => outerHTML.slice(0, 120)),
    ];
  });

/** What of the markup breaks the rules of HTML and ARIA; the Nu checker, which needs Java, knows more of them. */
const brokenRules = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const all = (selector: string) => [...document.querySelectorAll(selector)];
    const rule = (name: string, elements: Element[]) =>
      found.push(...elements.map(({ outerHTML }) => `${name}: ${outerHTML.slice(0, 120)}`));
    rule('a role of the table’s own', all('table:not([role]) :is(thead, tbody, tr, th, td)[role]'));
    rule(
      'a role that says nothing',
      all('table[role=table], ul[role=list], nav[role=navigation], main[role=main]'),
    );
    rule(
      'a label with several controls',
      all('label').filter(
        (label) =>
          label.querySelectorAll('button, input, meter, output, progress, select, textarea').length > 1,
      ),
    );
    rule(
      'a name on what has no role',
      all(':is(pre, p, div, span, code, em, strong, b, i, small, sub, sup)[aria-label]:not([role])'),
    );
    rule(
      'autocomplete on what is not typed',
      all('input:is([type=checkbox], [type=radio], [type=button])[autocomplete]'),
    );
    rule(
      'a block in a paragraph',
      all(':is(p, span, button, summary > span) :is(div, p, ul, ol, dl, table, figure, section)'),
    );
    rule('a control in a control', all(':is(a, button) :is(a, button, input, select, textarea, label)'));
    rule(
      'a heading that is empty',
      all('h1, h2, h3, h4').filter(({ textContent }) => textContent.trim() === ''),
    );
    rule('a picture without a text', all('img:not([alt])'));
    rule(
      'a part of a list elsewhere',
      all('li').filter((item) => !item.parentElement!.matches('ul, ol, menu')),
    );
    rule('what is no part of a list', all(':is(ul, ol) > :not(li, script, template)'));
    rule('what is no part of a description', all('dl > :not(dt, dd, div, script, template)'));
    const ids = all('[id]').map(({ id }) => id);
    rule(
      'an id used twice',
      all('[id]').filter(({ id }) => ids.indexOf(id) !== ids.lastIndexOf(id)),
    );
    for (const name of [
      'for',
      'aria-labelledby',
      'aria-describedby',
      'aria-controls',
      'popovertarget',
      'list',
    ]) {
      rule(
        `${name} that leads nowhere`,
        all(`[${name}]`).filter((element) =>
          element
            .getAttribute(name)!
            .split(' ')
            .some((id) => !ids.includes(id)),
        ),
      );
    }
    return found;
  });

it('has its colours, and hides what is not opened, in browsers of 2022 and 2023', () => {
  const folder = join(inject('dist'), '_astro');
  const styles = readdirSync(folder)
    .filter((name) => name.endsWith('.css'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  expect(styles).toContain('--paper:');
  expect(styles).not.toContain('light-dark(');
  expect(styles).toMatch(/@supports not selector\(:popover-open\)/);
});

describe.each(PATHS)('%s', (path) => {
  it('fits a window of 320 px and text of twice the size, by the rules, with the faces of its language', async () => {
    const opened = await open(path as '/', {
      viewport: { width: 320, height: 800 },
      reducedMotion: 'reduce',
    });
    const { page } = opened;
    expect(await brokenRules(page)).toEqual([]);
    const fits = async () => {
      expect(await sideways(page)).toEqual([]);
      // Whatever can be opened.
      for (const open of [true, false]) {
        await page.evaluate((open) => {
          for (const details of document.querySelectorAll('main details'))
            (details as HTMLDetailsElement).open = open;
        }, open);
        expect(await sideways(page)).toEqual([]);
      }
    };
    await fits();
    // Breakpoints differ from page to page; scroll bars, where they take room, make any width possible.
    for (let width = 340; width < 1480; width += 41) {
      await page.setViewportSize({ width, height: 800 });
      expect(await sideways(page), `${width} px`).toEqual([]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await fits();
    // Room for the text is what is left beside the contents and the notes.
    const columns = await page
      .locator('main :is(article, .page) > p:visible')
      .evaluateAll((all) => all.map((p) => p.clientWidth));
    for (const column of columns) expect(column).toBeGreaterThan(600);
    // An apostrophe out of a Chinese face is as wide as a character.
    const widths = await page.evaluate(() =>
      ['h1', 'body', 'code'].map((name) => {
        const place = document.querySelector(name) ?? document.body.appendChild(document.createElement(name));
        const mark = document.createElement('span');
        mark.style.cssText = 'position: absolute; font-size: 100px; letter-spacing: 0';
        mark.textContent = '’';
        place.append(mark);
        const { width } = mark.getBoundingClientRect();
        mark.remove();
        return document.documentElement.lang.startsWith('zh') ? 0 : width;
      }),
    );
    for (const width of widths) expect(width).toBeLessThan(75);
    expectClean(opened);
    await opened.close();
  });
});

/** What in forced colours looks like what it is not: choices, bars, the focus, marks of charts. */
const alike = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const note = (name: string, { outerHTML }: Element) => found.push(`${name}: ${outerHTML.slice(0, 120)}`);
    const shown = (selector: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.checkVisibility());
    const looks = (element: Element) => {
      const { backgroundColor, color, textDecorationLine, outlineStyle, borderStyle } =
        getComputedStyle(element);
      return [backgroundColor, color, textDecorationLine, outlineStyle, borderStyle].join();
    };
    for (const [attribute, on, off] of [
      ['aria-pressed', 'true', 'false'],
      ['aria-current', 'page', null],
    ] as const) {
      for (const element of shown(`[${attribute}]`)) {
        const before = element.getAttribute(attribute);
        element.setAttribute(attribute, on);
        const chosen = looks(element);
        if (off === null) element.removeAttribute(attribute);
        else element.setAttribute(attribute, off);
        if (looks(element) === chosen) note('chosen or not', element);
        if (before !== null) element.setAttribute(attribute, before);
      }
    }
    for (const bar of shown('span.bar')) {
      const fill = bar.querySelector('span') ?? bar;
      const [own, ground] = [fill, fill.parentElement!].map(
        (element) => getComputedStyle(element).backgroundColor,
      );
      if (own === ground || own === getComputedStyle(document.body).backgroundColor) note('a bar', bar);
    }
    const canvas = getComputedStyle(document.body).backgroundColor;
    for (const mark of shown('.variant svg :is(path, circle, rect, line):not(.area, .empty)')) {
      const { fill, stroke } = getComputedStyle(mark);
      if ([fill, stroke].every((colour) => colour === 'none' || colour === canvas)) note('a mark', mark);
    }
    for (const element of shown('a[href], button:not(:disabled), summary, input, select, [tabindex="0"]')) {
      element.focus({ preventScroll: true });
      if (document.activeElement !== element) continue;
      if (getComputedStyle(element).outlineStyle === 'none') note('the focus', element);
    }
    return found;
  });

it.each(['/en/', '/en/draw/', '/en/finetune/', '/en/runs/', '/en/card/'] as const)(
  '%s says with the system’s colours what is chosen, measured, drawn and in focus',
  async (path) => {
    const query = `?${anchorOf('predictions')}=label-6_image-4`;
    const opened = await open(`${path}${query}`, { forcedColors: 'active', reducedMotion: 'reduce' });
    const { page } = opened;
    await page.keyboard.press('Tab');
    if (path === '/en/') {
      await page.locator(`#${anchorOf('predictions')}`).scrollIntoViewIfNeeded();
      await page
        .locator(`#${anchorOf('predictions')} .probabilities .bar`)
        .first()
        .waitFor();
    }
    expect(await alike(page)).toEqual([]);
    if (path === '/en/') {
      await page.keyboard.press('/');
      await page.getByRole('searchbox').fill('shirt');
      await page.locator('#search li').first().waitFor();
      await page.keyboard.press('ArrowDown');
      expect(await alike(page)).toEqual([]);
    }
    await opened.close();
  },
);
