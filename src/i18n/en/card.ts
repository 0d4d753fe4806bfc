/** Model cards; Markdown. */
export default {
  title: 'Model card: {id}',
  network:
    'A convolutional network that distinguishes ten kinds of garment in 28×28 greyscale images, {parameters} parameters.',
  fullRecipe: "Trained by the report's recipe, in full.",
  otherRecipe: "**Not the report's full recipe:** {departures}.",
  ensemble: {
    one: '{label}: the mean of the probabilities that one network gives for an image{views}. Nothing was trained for it.',
    other:
      '{label}: the mean of the probabilities that {n} networks give for an image{views}. Nothing was trained for it.',
  },
  flipped: ' and for its mirror image',
  shifted: {
    one: ', each also moved by {n} pixel in four directions',
    other: ', each also moved by {n} pixels in four directions',
  },

  data: 'Data',
  synthetic: '**Made-up images, only for trying out the program**, in place of: {dataset}',
  dataset:
    'Fashion-MNIST (Zalando Research): 60,000 training and 10,000 test images, 6,000 and 1,000 per class.',
  split:
    'The training images are split 8:2 into training and validation by a seed that is the same for all runs.',
  allImages: 'All of the training images were trained on.',
  networkReads:
    'The test images were run through the finished model {n} times (as published, and in float32 for comparison); nothing was chosen or tuned on them.',
  ensembleReads: {
    one: 'The test images were run through a network {n} time for it; nothing was chosen or tuned on them.',
    other:
      'The test images were run through a network {n} times for it; nothing was chosen or tuned on them.',
  },

  besideReport:
    'The report states {reported} on the same images, a difference of {difference} points (95 % interval {low} to {high}).',

  recipe: 'Recipe',
  setting: 'setting',
  meaning: 'meaning',
  value: 'value',
  none: 'none',
  'seed.split': 'seed of the split',
  'seed.run': 'seed of the run',
  training:
    'Trained on {device} with the tfjs backend "{backend}" in {minutes} minutes ({speed} images/s), from commit {commit}.',
  lastEpoch: 'The weights are those of epoch {best} of {epochs}.',
  bestEpoch: 'The weights are those of epoch {best} of {epochs}, the best by validation accuracy.',
  networks: 'Networks',
  members: {
    one: '{parameters} parameters in all, trained in {minutes} minutes, as described in its own card.',
    other: '{parameters} parameters in all, trained in {minutes} minutes, as described in their own cards.',
  },
  computed: 'The mean was computed on {device} with the tfjs backend "{backend}", from commit {commit}.',
  unknown: 'unknown',
  dirty: '{commit} with uncommitted changes',

  results: 'Results',
  set: 'set',
  images: 'images',
  loss: 'loss (label smoothing)',
  accuracy: 'accuracy',
  validation: 'validation',
  variedValidation: 'validation, varied as in training',
  test: 'test',
  class: 'class',
  precision: 'precision',
  recall: 'recall',
  support: 'support',
  macro: 'macro average',
  weighted: 'weighted average',
  float16:
    'The convolution and dense kernels are published in float16. Compared with float32 that changes {flips} of the {images} test predictions: {from} became {to}.',
  eightBit:
    '`model-8bit.json` is the same network with these kernels in eight bits. It predicts another class for {flips} of the {images} validation images: {from} became {to}.',

  use: 'Use and limits',
  file: 'file',
  for: 'for',
  input: 'input',
  tfjs: 'TensorFlow.js: {code}',
  onnxruntime: 'ONNX Runtime',
  pytorch: 'PyTorch: weights under the names and in the layouts of its layers',
  zeroToOne: 'images in [0, 1], [n, 28, 28, 1]',
  same: 'the same',
  normalised: 'normalised by (x − {mean}) / {deviation}, [n, 1, 28, 28]',
  formats:
    'The first two give the probabilities of the ten classes; normalisation is part of them. `npm run export -- {id}` writes the last two where they are missing. Programs that go from a picture file to the garment’s name, for each of them, are in the project’s folder `examples/` and on the site’s page “Use it”.',
  whiteOnBlack: 'Images are white on black.',
  noModel: {
    one: 'There is no model.json for the ensemble: run the network named above for an image{views}, as described in its own card, and take the mean of the probabilities.',
    other:
      'There is no model.json for the ensemble: run the networks named above for an image{views}, as described in their own cards, and take the mean of the probabilities.',
  },
  limits:
    'Garments must be shown as in the dataset: one per image, centred, filling the frame, shoes pointing left. Anything else is classified as one of the ten garments too, often with high confidence. Shirts, T-shirts, pullovers and coats are confused most often. It is meant for teaching, not for decisions about goods or people.',

  licence: 'Licence',
  mit: 'MIT, as this project; the dataset is MIT-licensed by Zalando SE.',
};
