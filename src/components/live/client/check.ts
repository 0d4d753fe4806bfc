import { atFirstTouch } from './touch.ts';

const section = document.querySelector<HTMLElement>('#check')!;
const select = section.querySelector('select')!;
const load = atFirstTouch(section, '[data-testid=verify-start]', async (panel) =>
  (await import('./check-panel.ts')).mount(panel),
);

document.addEventListener('click', ({ target }) => {
  const id = (target as Element).closest<HTMLElement>('[data-check]')?.dataset['check'];
  if (id === undefined) return;
  if (!select.disabled) select.value = id;
  load(() => select.dispatchEvent(new Event('change')));
  section.scrollIntoView();
  section.querySelector<HTMLElement>('[data-testid=verify-start]')!.focus({ preventScroll: true });
});
