/**
 * Brings figures to life once they come near the window: the module of a chart is loaded only then. The drawing that
 * was served stays whatever happens here.
 */
import { figures as t } from '../../i18n/figures.ts';
import type { FigureMount } from './interactive/figure.ts';
import { retryButton } from './retry.ts';

const charts: Record<string, () => Promise<{ mount: FigureMount }>> = {
  ablation: () => import('./interactive/ablation.ts'),
  classes: () => import('./interactive/classes.ts'),
  curves: () => import('./interactive/curves.ts'),
  confusion: () => import('./interactive/confusion.ts'),
  layers: () => import('./interactive/layers.ts'),
  log: () => import('./interactive/log.ts'),
  picks: () => import('./interactive/picks.ts'),
  predictions: () => import('./interactive/predictions.ts'),
  schedule: () => import('./interactive/schedule.ts'),
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
  const modules = Promise.all([import('./interactive/figure.ts'), charts[figure.dataset['chart'] ?? '']?.()]);
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
  const lang = figure.dataset['lang'] === 'en' ? 'en' : 'zh';
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
