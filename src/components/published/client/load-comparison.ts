/** Loads the script of the comparison once the reader comes near it, and offers to try again where it does not arrive. */
export function wakeNear(selector: string): void {
  const section = document.querySelector<HTMLElement>(selector);
  const [status, retry] = [
    section?.querySelector('.status'),
    section?.querySelector<HTMLButtonElement>('.retry'),
  ];
  // With one run alone there is nothing to compare.
  if (!section || !status || !retry) return;

  async function wake(section: HTMLElement): Promise<void> {
    const loaded = await import('./run-comparison.ts').catch(() => null);
    status!.textContent = loaded ? '' : (section.dataset['asleep'] ?? '');
    retry!.hidden = loaded !== null;
    retry!.onclick = loaded ? null : () => void wake(section);
    loaded?.start(section);
  }

  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      void wake(section);
    },
    { rootMargin: '600px' },
  );
  observer.observe(section);
}
