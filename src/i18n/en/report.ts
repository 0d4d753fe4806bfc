/** What the site adds to the report’s own text. */
export default {
  title: 'Classifying garments with Fashion-MNIST: a project report',
  description:
    'A project report on a Fashion-MNIST classifier trained with PyTorch, trained again in TypeScript and checked: the reproduced value appears beside every number that can be reproduced, and every figure can be explored.',
  contents: 'Contents',
  note: 'Note',
  what: 'A project report on a classifier of garments, a convolutional network trained with PyTorch on Fashion-MNIST. Here it was trained again in TypeScript, and every number that can be reproduced stands beside the report’s.',
  'lead.holds': 'The result holds:',
  'abstract.holds':
    '{reproduced} of the test images are right here, {reported} in the report. Chance alone could explain such a difference ({difference}, 95% interval {interval}).',
  'lead.above': 'The result is reached and passed:',
  'abstract.above':
    '{reproduced} of the test images are right here, {reported} in the report ({difference}, 95% interval {interval}).',
  'lead.below': 'The result was not reproduced:',
  'abstract.below':
    '{reproduced} of the test images are right here, {reported} in the report ({difference}, 95% interval {interval}).',
  'lead.misfit': 'What does not fit',
  'abstract.misfit': 'is the training accuracy: {reproduced} at the end, not {reported}.',
  'lead.found': 'Found on the way:',
  'abstract.found':
    'three numbers that the report lists under epoch 19 are those of epoch 18 in its own log.',
  'lead.beyond': 'Beyond the report,',
  'abstract.beyond': 'one network of the same size reaches {accuracy}.',
  check: 'Check',
  tryCheck: 'Check all 10,000 images',
  tryDraw: 'Draw a garment',
  tryTrain: 'Watch it train',
  stripCaption: 'Test images with the network’s answers: green outlines are right, orange ones wrong.',
  howToReadText:
    "The text is the report, translated from Chinese. Its numbers are printed unchanged; the green number beside one comes from this site's own training run in TypeScript and opens to show the difference, its 95% confidence interval and the source. Its mark says how the two compare: = the same, ≈ within noise, ≠ apart. ✓ marks a line whose numbers the reproduction matches exactly. Notes in the margin point out the report's own slips and where the reproduction differs.",
  glance: 'Reported and reproduced',
  quantity: 'Quantity',
  'test.accuracy': 'Test accuracy',
  'test.loss': 'Test loss',
  'best.validationAccuracy': 'Best validation accuracy',
  'class6.recall': 'Recall of Shirt',
  'model.parameters': 'Parameters',
  'total.seconds': 'Training time',
  allNumbers: 'Table 3 has all numbers.',
  allTitle: 'All results of the report beside the reproduced ones',
  allCaption:
    'Reproduced on {device} by {backend}. Intervals are 95% confidence intervals of the difference of two proportions (Newcombe), since the report’s accuracy is a sample too. Both test accuracies are of the same 10,000 images, so a paired test would be sharper, but it needs the report’s predictions, which nobody has: the interval is wider than it need be. It covers sampling error only; what other seeds do stands in the panel that a number opens. Training accuracy, averaged over the epoch while the weights change, and the best validation accuracy, the highest of all epochs, have intervals that are a rough guide. Values without an interval are compared with the spread over seeds. Precision, recall and F1 of the classes are in',
  allCaptionEnd: '.',
  'best.epoch': 'Best epoch',
  'epoch20.validationAccuracy': 'Validation accuracy, epoch 20',
  'epoch20.validationLoss': 'Validation loss, epoch 20',
  'epoch20.trainAccuracy': 'Training accuracy, epoch 20',
  'epoch20.trainLoss': 'Training loss, epoch 20',
  'speed.secondsPerEpoch': 'Time per epoch',
  'speed.imagesPerSecond': 'Training speed',
  'model.megabytes': 'Model size (float32)',
  gpuAllocated: 'GPU memory, allocated',
  gpuReserved: 'GPU memory, reserved',
  cudnnBenchmark: 'cudnn.benchmark',
  mixedPrecision: 'Mixed precision',
  enabled: 'on',
  notApplicable: 'not applicable',
  noGpu: 'this run used no GPU',
  notRecorded: 'not recorded here',
  cpuCores: '{n} CPU cores',
  float32Only: 'all backends here train in float32',
  inReport: 'Report',
  reproduced: 'Reproduced',
  difference: 'Difference',
  interval: '95% interval of the difference',
  source: 'Source',
  unavailable: 'This run has no corresponding value.',
  previewShort: "From a shortened training run, not the report's full recipe.",
  spread: 'Over {n} seeds',
  tally: 'Show',
  allMarks: 'all {n}',
  'tally.same': '= the same: {n}',
  'tally.noise': '≈ within noise: {n}',
  'tally.apart': '≠ apart: {n}',
  points: '{n} points',
  seconds: '{n} s',
  minutes: '{minutes} min {seconds} s',
  hours: '{hours} h {minutes} min',
  perSecond: '{n} images/s',

  classNumber: 'Label',
  className: 'Class',
  trainImages: 'Training samples',
  testImages: 'Test samples',
  distributionTitle: 'Images per class',
  distributionAlt:
    'Bar chart: each of the ten classes has 6,000 training and 1,000 test images; all bars are the same length.',
  distributionCaption:
    'All classes are equally frequent, so guessing a single class is right 10% of the time, and accuracy equals the macro average of recall.',

  logTitle: 'Training log',
  logReport: "The report's log (epochs 18–20)",
  logRun: "The reproduction's log",
  logAlt:
    "Line chart of the loss of every fiftieth batch in the reproduction: from {first} it falls fast at first, and in the last epoch it lies between {low} and {high}. Hollow circles are the eight batches of epochs 19 and 20 in the report's log.",
  logCaption:
    'Line and dots are every fiftieth batch of the reproduction, hollow circles the eight batches in the report’s log. A batch is only 256 images, so it is bound to fluctuate: the “fluctuation between batches” of section 9.2 is there in the reproduction too, whose recorded batches in the last epoch have accuracies from {accuracyLow} to {accuracyHigh}.',
  gapTitle: 'A wider gap here',
  gapText:
    'Trained by the recipe as the report states it, the network ends with a training accuracy of {train}, {gap} points above validation; the report has {reportedTrain}, only {reportedGap} points above. Validation and test accuracy are no lower than the report’s, so the network is not undertrained.',
  gapTorch:
    'This reproduction is not the cause: PyTorch {torch} itself, trained by the same recipe ({precision}, {device}), ends with a training accuracy of {train} and a validation accuracy of {validation}.',
  gapWhy:
    'The likeliest explanation is that the report’s training was regularised more strongly: its recipe may have a part that is not written down.',
  mixed: 'mixed precision',
  float32: 'float32',
  gapTried:
    'Recipes that bear on it, with the accuracies of the last epoch (the report: training {train}, validation {validation}):',
  gapTrial: '{label}: training {train}, validation {validation}',
  gapVaried: '{trial}, and {varied} on validation images augmented in the same way',

  gapLike:
    '“{label}” has a gap like the report’s, of {gap} points: the report’s training may have used augmentation without saying so.',

  curvesTitle: 'The course of training',
  curvesAlt:
    'Three line charts over epochs 1 to {epochs}: training loss falls from {firstTrainLoss} to {lastTrainLoss}, validation loss from {firstValidationLoss} to {lastValidationLoss}; training accuracy rises to {lastTrainAccuracy}, validation accuracy to {lastValidationAccuracy}; the learning rate rises to {greatestRate} and falls to {lastRate}.',
  curvesCaption:
    'Lines are the reproduction, hollow circles the values that the report gives (of the four at epoch 1 it says “about”). The grey band is the gap between training and validation.',
  curvesTorch:
    'Crosses, shown with “PyTorch”, are the course of the same recipe in PyTorch {torch} ({device}, {precision}, seed {seed}).',

  confusionTitle: 'Confusion matrix of the classifier',
  confusionAlt:
    'Confusion matrix, 10 by 10, true classes in rows and predicted classes in columns. Most images lie on the diagonal; the fullest cell off it: {worst}',
  confusionCaption:
    'On the diagonal (green) are the images that were classified correctly, everywhere else (orange) the mistakes. Each colour has its own scale; orange follows the square root, so that rare mistakes remain visible.',

  reportTableTitle: 'Classification report',
  sortHint: 'Column headings sort by the reproduced value.',
  reportTableCaption:
    "Each cell has the report's value above and the reproduced one, in green, below it. On the line, from {low} to 1, the hollow circle is the report, the dot the reproduction, and the bar the 95% interval of their difference, laid from the report's value and given below in numbers (Newcombe's; F1's follows from the Jaccard index): ≈ where it includes 0, ≠ where it does not, = where the values are the same.",
  reportClass: 'Class',
  f1Formula: 'F1 is the harmonic mean of precision and recall:',

  shirtTitle: 'What makes Shirt hard',
  shirtAlt:
    'Two-sided bar chart: on the left shirts that were classified as something else, on the right other garments that were classified as shirts. {left}; {right}.',
  shirtCaption:
    'Left: shirts classified as something else. Right: other garments classified as shirts. Tops prevail on both sides: in a grey image of 28×28 pixels their outlines are almost the same, and only a few pixels of collar, buttons and sleeves distinguish them.',

  architectureTitle: 'The network layer by layer: shapes and parameters',
  architectureAlt:
    'Diagram: three convolutional blocks take the 28×28 input to 14×14, 7×7 and 3×3 while the channels grow from 64 to 256; flattened, it passes through 512, 256 and 128 units to 10 outputs.',
  architectureCaption:
    "A box is as high as the feature map's side, and wider with more channels; the bars count parameters. Almost half of them are in the first fully connected layer. Choose a layer to see its arithmetic.",

  architectureHelp: 'Layers of the network. Arrow keys choose one.',
  layer: 'Layer',
  shape: 'Output shape',
  arithmetic: 'Arithmetic',
  smoothingFormula:
    'Label smoothing: the target is 0.91 for the right class and 0.01 for every other, so the loss cannot fall below 0.5003.',
  oneCycleFormula:
    'Both phases of OneCycleLR are half a cosine, s from 0 to 1: a = 0.0004 and b = 0.01 in the warm-up, a = 0.01 and b = 4×10⁻⁸ in the decay.',

  mapsInvitation:
    'Choose a garment of the test set to see how each layer responds to it: the network runs in your browser (this loads a model of about {size} MB and the engine).',
  mapsGarment: 'No. {id}: {name}',

  scheduleTitle: 'The learning-rate schedule OneCycleLR',
  scheduleAlt: 'Two line charts: the learning rate rises and then falls, β1 does the reverse.',
  scheduleCaption:
    'Move the sliders to change the schedule. Hollow circles are the three learning rates that the report prints after epochs 18, 19 and 20; the default curve goes through them.',

  calibrationTitle: 'Calibration: how sure the model is, and how often right',
  calibrationAlt:
    'Reliability diagram: accuracy against the highest probability that the model gives; the diagonal is perfect calibration.',
  calibrationSummary:
    'Mean probability {confidence}, accuracy {accuracy}; expected calibration error {error}.',
  calibrationCaption:
    'Points above the diagonal mean that the model is underconfident, points below it that it is overconfident. Areas represent numbers of images. Label smoothing asks for a probability of 0.91, not 1, for the right class, which lowers the highest probabilities most: where the model is surest, they stay around 0.91.',

  galleryTitle: 'The mean image of each class, and real ones',
  galleryCaption:
    "Above, the pixel-by-pixel means of each class's 6,000 training images; choose a class to see 50 of them.",
  galleryMean: '{name}: mean image',
  galleryExamples: '{name}: 50 training images',

  predictionsTitle: 'Predictions on the test set',
  predictionsFirst:
    "The first {n} test images with the model's answer and its probability; {wrong} of the answers, in orange, are wrong.",
  predictionsExplore: 'Explore all 10,000',
  predictionsCaption:
    'The test set was not used in training or model selection. Filter by true class, predicted class, verdict and confidence; choose an image to see its ten probabilities. The pictures load on demand in {n} parts of about {size} each.',

  mistakesTitle: 'The most confident mistakes',
  mistakesText:
    'The {n} mistakes about shirts of which the model was surest (true class above, answer and probability below).',
  pairsTitle: 'Pairs that look alike',
  pairsText:
    'For each of the three classes that Shirt is confused with most: the shirt and the garment of that class, among the test images, that differ least from pixel to pixel.',
  pairNames: 'Shirt and {name}',

  author: 'Tu Jinpeng (涂锦鹏)',
  cite: 'Citation',
  citeText: 'To cite the report itself, or this reproduction:',
  environmentTitle: 'Environment of the reproduction',
  machine: 'Machine',
  backend: 'Backend',
  versions: 'Software',
  commit: 'Code version',
  finished: 'Finished',
  cores: '{n} cores',

  'agreed.same': 'Same in the reproduction',
  'agreed.different': 'Different in the reproduction',
  'agreed.counted': 'counted in the dataset',
  'agreed.images': 'Images in total',
  'agreed.trainImages': 'Training images',
  'agreed.testImages': 'Test images',
  'agreed.split': 'Training to validation',
  'agreed.classes': 'Classes',
  'agreed.size': 'Image size',
  'agreed.trainPerClass': 'Training images per class',
  'agreed.testPerClass': 'Test images per class',
  'agreed.convolutions': 'Convolutions',
  'agreed.kernel': 'Kernel',
  'agreed.channels': 'Output channels',
  'agreed.pool': 'Max pooling',
  'agreed.dropout': 'Dropout rate',
  'agreed.inputs': 'Inputs',
  'agreed.outputs': 'Outputs',
  'agreed.steps': 'Batches per epoch',
};
