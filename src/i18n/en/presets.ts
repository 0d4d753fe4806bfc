/** What each preset and each ensemble is, by its name in src/training/presets.ts. */
export default {
  report: 'The report’s recipe, in full',
  'channel-dropout': 'The report’s recipe with dropout of whole channels behind the convolutions',
  'light-augment': 'The report’s recipe with images mirrored and turned by a few degrees',
  augment: 'The report’s recipe with augmented images',
  'augment-shirt': 'The report’s recipe with augmented images, shirts more than others',
  'long-tail': 'The report’s recipe with a learning rate that stays above zero for longer',
  attention: 'The report’s recipe for a network with squeeze and excitation',
  'best-trial': 'The report’s network trained as well as can be, judged on validation',
  best: 'The report’s network trained as well as can be, in the end on all images',
  'best-again': 'The recipe of best-trial from another start, on all images',
  'best-attention-trial':
    'The network with squeeze and excitation trained as well as can be, judged on validation',
  'best-attention':
    'The network with squeeze and excitation trained as well as can be, in the end on all images',
  'taught-trial': 'The report’s network taught by two of the best, judged on validation',
  'taught-attention-trial':
    'The network with squeeze and excitation taught by two of the best, judged on validation',
  'residual-trial': 'A residual network trained as well as can be, judged on validation',
  'sketch-pad': 'The report’s network, taught to know drawings too',
  sketch: 'The report’s network, taught to know drawings, icons and emoji too',
  fast: 'The report’s accuracy in as little time as can be',
  preview: 'A short preview, not the report’s full recipe',
  smoke: 'A tiny network, to try the machinery',
  ensemble: 'The mean of several networks’ answers',
  'best-flips': 'The best network, asked about the image and its mirror image',
  'best-ensemble': 'The two best networks, each asked about the image and its mirror image',
  'best-three': 'Three networks trained as well as can be, each asked about the image and its mirror image',
};
