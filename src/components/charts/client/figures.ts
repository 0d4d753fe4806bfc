/**
 * Brings figures to life once they come near the window: the module of a chart is loaded only then. The drawing that
 * was served stays whatever happens here.
 */
import { languageOf } from '../../../i18n/languages.ts';
import { site as t } from '../../../i18n/site.ts';
import type { FigureMount } from './figure.ts';
import { retryButton } from '../../../client/retry.ts';

const charts: Record<string, () => Promise<{ mount: FigureMount }>> = {
  ablation: () => import('./ablation.ts'),
  classes: () => import('./classes.ts'),
  curves: () => import('./curves.ts'),
  confusion: () => import('./confusion.ts'),
  layers: () => import('./layers.ts'),
  log: () => import('./log.ts'),
  picks: () => import('./picks.ts'),
  predictions: () => import('./predictions.ts'),
  schedule: () => import('./schedule.ts'),
};

const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      void wake(target as HTMLElement);
    }
  },
  { rootMargin: '300px' },
);

async function wake(figure: HTMLElement): Promise<void> {
  const modules = Promise.all([import('./figure.ts'), charts[figure.dataset['chart'] ?? '']?.()]);
  const loaded = await modules.catch(() => null);
  if (!loaded) {
    offerRetry(figure);
    return;
  }
  const [{ prepare }, chart] = loaded;
  const parts = prepare(figure);
  chart?.mount(parts);
  figure.dataset['awake'] = '';
}

/** Below a figure whose script did not arrive: what is missing, and a way to ask for it again. */
function offerRetry(figure: HTMLElement): void {
  const lang = languageOf(figure.dataset['lang']);
  const message = document.createElement('p');
  message.className = 'asleep';
  message.setAttribute('role', 'alert');
  const retry = retryButton(lang, () => {
    message.remove();
    void wake(figure);
  });
  message.append(t(lang, 'asleep'), ' ', retry);
  figure.querySelector('.body')?.append(message);
}

for (const figure of document.querySelectorAll('figure.chart')) observer.observe(figure);
