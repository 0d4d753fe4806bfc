import { whenNear } from '../../../client/loading.ts';

/** Loads the script of the comparison once it comes near the window, and offers to try again where it does not arrive. */
export function loadWhenNear(selector: string): void {
  whenNear(document.querySelectorAll<HTMLElement>(selector), 600, (section) => void load(section));
}

async function load(section: HTMLElement): Promise<void> {
  const status = section.querySelector('.status');
  const retry = section.querySelector<HTMLButtonElement>('.retry');
  // With one run alone there is nothing to compare.
  if (!status || !retry) return;
  const loaded = await import('./run-comparison.ts').catch(() => null);
  status.textContent = loaded ? '' : (section.dataset['asleep'] ?? '');
  retry.hidden = loaded !== null;
  retry.onclick = loaded ? null : () => void load(section);
  loaded?.start(section);
}
