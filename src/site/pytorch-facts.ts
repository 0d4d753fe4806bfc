import type { PyTorchRun } from '../artifacts/pytorch-run.ts';
import type { Lang } from '../i18n/languages.ts';
import { report as t } from '../i18n/report.ts';

/** Where and how a recipe was trained in PyTorch, in words. */
export const pytorchFacts = ({ torch, device, seed, mixedPrecision }: PyTorchRun, lang: Lang) => ({
  // Without the build: 2.11.0+cu130.
  torch: torch.split('+')[0]!,
  device,
  seed,
  precision: t(lang, mixedPrecision ? 'mixed' : 'float32'),
});
