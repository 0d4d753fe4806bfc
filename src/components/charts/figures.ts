/**
 * Brings figures to life once they come near the window: the module of a chart is loaded only then. The drawing that
 * was served stays whatever happens here.
 */
import type { FigureMount } from './interactive/figure.ts';

const charts: Record<string, () => Promise<{ mount: FigureMount }>> = {
  ablation: () => import('./interactive/ablation.ts'),
  curves: () => import('./interactive/curves.ts'),
  confusion: () => import('./interactive/confusion.ts'),
  layers: () => import('./interactive/layers.ts'),
  log: () => import('./interactive/log.ts'),
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
  const { prepare } = await import('./interactive/figure.ts');
  const parts = prepare(figure);
  const load = charts[figure.dataset['chart'] ?? ''];
  if (load) (await load()).mount(parts);
  figure.dataset['awake'] = '';
}

for (const figure of document.querySelectorAll('figure.chart')) observer.observe(figure);
