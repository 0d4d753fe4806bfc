/** Words of the fine-tuning page, which no other page loads. */
import type enFinetune from './en/finetune.ts';
import { translator } from './translator.ts';

export const finetune = /* @__PURE__ */ translator(
  import.meta.glob<typeof enFinetune>('./*/finetune.ts', { eager: true, import: 'default' }),
);
