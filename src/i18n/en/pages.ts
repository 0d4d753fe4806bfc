/** The pages that show how to use the published networks elsewhere, and trainings that are going on. */
export default {
  title: 'Use it',
  description:
    'The trained networks in your own program: TensorFlow.js, ONNX Runtime and PyTorch, in the browser, in Node and in Python, with every file and complete programs.',
  lede: 'The trained networks are files, free to use. Each program below goes from a picture to the garment’s name; the tests of this project run all of them, exactly as printed here.',
  formats: 'What goes in and what comes out',
  formatsText:
    'All take 28×28 grey values from 0 to 1, a light garment on a black ground that fills the picture, and shoes that point left, as in the dataset. Probabilities come back for ten classes.',
  file: 'File',
  library: 'For',
  input: 'Input',
  output: 'Output',
  tfjs: 'TensorFlow.js',
  onnxruntime: 'ONNX Runtime',
  pytorch: 'PyTorch',
  'model.json': '[n, 28, 28, 1], values from 0 to 1',
  'model.onnx': 'the same; named “images”',
  'model.safetensors':
    '[n, 1, 28, 28], values from 0 to 1, then (x − {mean}) / {deviation}: the file holds weights alone',
  probabilities: 'probabilities [n, 10]',
  logits: 'logits [n, 10], before softmax',
  classes: 'The classes',
  index: 'Index',
  class: 'Class',
  files: 'Files',
  filesText:
    'Kernels are stored in half precision, all else in single precision; eight bits are offered where they cost at most 0.1 points of accuracy. Of the other runs, {command} writes these files.',
  accuracy: 'test accuracy {accuracy}',
  size: 'Size',
  download: 'Download {file} of {run}',
  programs: 'Programs',
  programsText: 'The picture with which the tests try them:',
  picture: 'A test image of the dataset, an ankle boot, 28×28 pixels',
  'predict-tfjs.html': 'TensorFlow.js in the browser',
  'predict-onnxruntime.html': 'ONNX Runtime in the browser',
  'predict-tfjs.mjs': 'TensorFlow.js in Node',
  'predict-onnxruntime.mjs': 'ONNX Runtime in Node',
  'predict_onnxruntime.py': 'ONNX Runtime in Python',
  'predict_pytorch.py': 'PyTorch in Python',

  // Trainings that are going on, during development only.
  'training.title': 'Trainings',
  'training.lede':
    'Trainings on this machine, read from their own folders every two seconds; nothing here touches them.',
  'training.none':
    'No training has been started here yet: npm run train -- --preset preview starts a short one.',
  'training.running': 'Running.',
  'training.stopped':
    'Stopped before its end; the same command with --resume continues from the last checkpoint.',
  'training.finished': 'Finished and not published.',
  'training.published': 'Finished and published.',
  'training.open': 'The published run',
  'training.place': 'Epoch {epoch} of {epochs}, batch {batch} of {batches}.',
  'training.left': { one: 'About one minute left.', other: 'About {n} minutes left.' },
  'training.memory': '{gib} GiB of memory, {backend}.',
  'training.best': 'Best validation accuracy so far: {accuracy}',
  'training.losses': 'Line chart of the loss of each batch of {id}',
  'training.curves': 'Line charts of loss, accuracy and learning rate of {id}, epoch by epoch',
  'training.matrix': 'Confusion matrix of {id} on the validation images after the last epoch',
};
