/** The site's pages, in the order in which the header lists them; `key` names the title in src/i18n/site.ts. */
export const sections = [
  { path: '/', key: 'report' },
  { path: '/draw/', key: 'draw' },
  { path: '/finetune/', key: 'finetune' },
  { path: '/runs/', key: 'runs' },
  { path: '/card/', key: 'card' },
] as const;
