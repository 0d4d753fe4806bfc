/** Opens what stands beside a number where the browser has no popovers; Chromium has them from 114 on, Firefox from 125. */
if (!('popover' in HTMLElement.prototype)) {
  document.addEventListener('click', ({ target }) => {
    const clicked = target as Element;
    const id = clicked.closest('[popovertarget]')?.getAttribute('popovertarget');
    for (const panel of document.querySelectorAll('[popover]')) {
      if (panel.contains(clicked)) continue;
      panel.toggleAttribute('data-open', panel.id === id && !panel.hasAttribute('data-open'));
    }
  });
}
