/** Section 9.3: the report’s suggestions, carried out and measured. */
export default {
  heading: 'The suggestions, put to the test',
  intro:
    "The report makes four suggestions and tries none. Here each is tried: one change at a time (except for the ensemble, which joins networks trained by the other suggestions), selected on the validation images alone, and finally compared with the report's recipe (the baseline) image by image on the test set.",
  introNone:
    'The report makes four suggestions and tries none. The runs that put them to the test are not published yet; once they are, the results will appear here.',
  beyondIntro:
    "Beyond the four: how good, and how fast, the report's own network can be made when its recipe is not restricted, and how good with attention and an ensemble on top.",
  missing: 'Planned, not run yet: {names}.',
  waiting:
    "The report makes four suggestions and tries none. The report's recipe in full is not published yet, so there is nothing to compare them with.",

  baseline: 'The report’s recipe',
  augment: 'Augmentation',
  'augment-shirt': 'Augmentation (more for shirts)',
  'long-tail': 'Higher learning-rate tail',
  ensemble: 'Ensemble',
  attention: 'Attention',
  'best-trial': 'The same network at its best',
  'taught-trial': 'The same network, taught by two',
  best: 'The same network, on all images',
  'best-flips': 'The same network, mirrored too',
  'best-attention': 'The best with attention',
  'best-ensemble': 'Both networks together',
  'best-again': 'At its best from another start',
  'best-three': 'Three networks together',
  fast: 'The report’s accuracy, fast',
  'augment.text':
    'flips, shifts, rotation, scaling, brightness, contrast and random erasing, for all classes',
  'augment-shirt.text': 'the same augmentation, stronger for shirts',
  'long-tail.text': 'the learning rate comes down earlier, then falls slowly and ends above zero',
  'ensemble.text': 'the mean of the probabilities of several networks',
  'attention.text': 'squeeze and excitation after each convolutional block',
  'best-trial.text':
    '32 more epochs from the baseline’s weights: augmentation, less dropout, more weight decay, averaged weights',
  'taught-trial.text':
    '30 more epochs from the weights above, half of the images partly erased; the targets are mostly what two networks, without and with attention, predict for the very image shown',
  'best.text': 'a few more epochs with the same teachers, on the validation images as well',
  'best-flips.text': 'predicts for the image and its mirror image; the mean of both',
  'best-attention.text':
    'trained like “the same network at its best”, with squeeze and excitation and without teachers; finally on all images',
  'best-ensemble.text':
    'the two networks above that were trained on all images, each predicting for the image and its mirror image; the mean of the predictions',
  'best-again.text':
    'trained like “the same network at its best”, from the weights of another seed, for 20 epochs on all images',
  'best-three.text':
    'both networks and this one, each predicting for the image and its mirror image; the mean of the predictions',
  'fast.text': 'fewer epochs, smaller batches, hard images shown twice',

  figureTitle: 'Test accuracy of each improvement',
  figureAlt:
    "Dot plot of each improvement's test accuracy with its 95% interval; the dashed line is the report's recipe. {sentence}",
  figureCaption:
    "Dots are test accuracies, lines their 95% intervals, the dashed line is the baseline, the hollow circle the report's own {reported}.",
  marks: '▲ better than the baseline, ▼ worse, ≈ a difference that chance alone could explain.',
  figureHelp:
    'The improvements. The up and down arrow keys choose one, Home and End go to the first and the last.',
  baselineSentence:
    "The report's recipe: test accuracy {accuracy}, 95% interval {low} to {high}; the report itself has {reported}.",
  sentence:
    '{name}: test accuracy {accuracy}, 95% interval {low} to {high}, {difference} against the baseline. {n} images are classified correctly by only one of the two: {first} by the baseline, {second} by this; McNemar’s test gives {p}: {effect}.',

  better: 'better than the baseline',
  worse: 'worse than the baseline',
  undecided: 'not significantly different from the baseline',
  tableTitle: "Each improvement against the report's recipe",
  improvement: 'Improvement',
  accuracy: 'Test accuracy',
  against: 'Against the baseline',
  shirt: 'Shirt F1',
  cost: 'Training · parameters · size',
  lowerEnd: 'Interval from',
  upperEnd: 'Interval to',
  validation: 'Validation accuracy',
  validated: 'validation {accuracy}',
  validatedNone: 'trained on validation too',
  difference: 'Difference (points)',
  onlyBaseline: 'Right by baseline only',
  onlyImprovement: 'Right by this only',
  p: 'McNemar p',
  cpuSeconds: 'Training on a CPU (s)',
  gpuSeconds: 'Training on a GPU (s)',
  onCpu: 'CPU {time}',
  onGpu: 'GPU {time}',
  parameters: 'Parameters',
  bytes: 'Model (bytes)',
  ratio: '{second} : {first}',
  count: '{n} parameters',
  megabytes: '{n} MB',
  inAll: 'with the training it builds on: {time}',
  moved: 'Mistakes that changed most: {cells}',
  cell: '{true} classified as {predicted} {first} → {second}',
  unmoved: 'No kind of mistake changed in number',
  caveat:
    "“Against the baseline”: the difference in accuracy; the p-value of McNemar's test; and, as a ratio, the number of images that only this one classifies correctly to the number that only the baseline does. A p-value below {level} counts as a difference; chance alone gives one in about one test of twenty. Each improvement was trained once; another seed moves the result too{spread}. Training time is each run's median epoch time multiplied by its epochs, since other work ran on the same machine at times; some runs were trained on a GPU, and times there do not compare with those on a CPU.",
  spread: " (over {n} seeds of the report's recipe the standard deviation is {deviation} points)",
  twoSeeds: " (two seeds of the report's recipe: {first} and {second})",

  ablationTitle: 'What each change brought, on the validation images',
  change: 'Change',
  againstBefore: 'Difference',
  changeCost: 'Training · use',
  'changes.augment': 'Strong augmentation',
  'changes.augmentShirt': 'Strong augmentation, stronger for shirts',
  'changes.lightAugment': 'Light augmentation',
  'changes.channelDropout': 'Whole channels dropped out',
  'changes.longTail': 'Higher learning-rate tail',
  'changes.attention': 'Squeeze and excitation',
  'changes.trainOn': '32 more epochs: light augmentation, half the dropout, averaged weights',
  'changes.trainOnAttention': 'The same for the network with squeeze and excitation',
  'changes.teachers': '30 more epochs, taught by both networks, half of the images partly erased',
  'changes.teachersAttention': '22 more for the network with squeeze and excitation, taught likewise',
  'changes.mirror': 'The mirror image predicted too',
  'changes.move': '… and the image moved by a pixel',
  'changes.together': 'Both networks together',
  'changes.moveTogether': '… and the image moved by a pixel',
  'changes.togetherTaught': 'Both taught, together',
  asMirrored: 'mirrored',
  asMoved: 'moved',
  comma: ', ',
  noTraining: 'no training',
  trainedFor: ', {time}',
  predictionsPerImage: { one: '1 prediction per image', other: '{n} predictions per image' },
  gains: 'a gain',
  loses: 'a loss',
  notDecided: 'not more than chance',
  comparedWith: 'compared with {asked}: {accuracy}',
  kept: 'kept',
  dropped: 'dropped',
  ablationCaption:
    'None of these networks was trained on the {images} validation images; what was published later was chosen by them, so the best rows flatter a little. “Difference”: with its 95% interval, both of the same images. McNemar’s test as in Table 4, again with p below {level} as a difference; the ratio has the images that are right only after the change first. Training times are those of the networks and of all that they learned from, every epoch counted as the median one. “Mirrored” is the mean of the predictions for an image and its mirror image, “moved” also for both moved by a pixel in four directions. npm run evaluate:ablation measures all of this again.',

  raceTitle: "Time to the report's accuracy",
  reached:
    'The run “fast” reaches the report’s test accuracy, {target}, on the validation images in epoch {epoch}, after {time}',
  notReached:
    'The run “fast” does not reach the report’s test accuracy, {target}, on the validation images in {time} (best {best})',
  baselineReached:
    "; the report's recipe in epoch {epoch}, after {time}. With every epoch counted at its run's median time, that is {ratio} times as long.",
  baselineReachedAlone: "; the report's recipe in epoch {epoch}, after {time}.",
  baselineNotReached: "; the report's recipe does not get there in {epochs} epochs, {time} (best {best}).",
  incomparable: 'The two ran on different machines or backends, so the times do not compare directly.',

  readsTitle: 'How often the test set was read in total',
  reads:
    'To publish these runs ({runs}){ensembles} and those that they replaced, the test set was run through a network {n} times in total; test-reads.json records each time. Later checks of what is published, by npm run evaluate and npm run export, are not counted. Nothing was ever chosen or tuned on the test set.',
  readsEnsembles: ' and ensembles ({n})',
  compare: 'Compare the curves and matrices of any two runs',
};
