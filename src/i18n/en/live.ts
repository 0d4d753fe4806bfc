/** What readers compute themselves inside the report: the check of a published network, a short training. */
export default {
  title: 'Check it here',
  intro:
    'Puts all 10,000 test images through the published weights, in this browser: what is counted below is computed here, not read from a file. Nothing leaves your machine.',
  network: 'Network',
  mine: 'the network you taught',
  cost: 'Loads {size} and the engine; takes about {time} here on {n} cores, less on a graphics processor.',
  costMine: 'Loads {size} of test images and the engine; takes about {time} here on {n} cores.',
  start: 'Start',
  resume: 'Resume',
  pause: 'Pause',
  stop: 'Stop',
  checkRun: 'Check it in this browser',
  loading: 'Loading the network and the test images …',
  running: '{percent} of the predictions are made.',
  paused: 'Paused. Resume goes on where it was.',
  kept: 'Stopped. What was computed is kept: Resume goes on where it was.',
  done: 'Done: all {n} test images were predicted here.',
  speed: '{speed} images/s on {backend}, {time} left',
  sofar: 'So far {correct} of {images} are right: {accuracy}, 95% interval {low} – {high}.',
  sofarNone:
    'Each image is predicted {n} times and the mean taken: accuracy is known once the last round begins.',
  restarted:
    'A worker stopped after {n} predictions. What it was computing is computed again by another; the rest is kept.',
  restored:
    'This browser has kept {n} predictions of an earlier check of these files; they are not made again.',
  moved: '{before} failed after {n} predictions; the rest is computed on {after}.',
  matrix: 'Confusion matrix of what was computed here',

  correct:
    '{correct} of {images} test images are right here: an accuracy of {accuracy}, 95% interval {low} – {high}.',
  published:
    'Published for {id}: {correct} of {images}, {accuracy}. Loss here {loss}, published {publishedLoss}.',
  same: 'All {n} predictions are the same as those published for {id}.',
  differ: {
    one: 'One of the predictions differs from the one published for {id}. Rounding differs between processors, so a few may.',
    other:
      '{n} of the predictions differ from those published for {id}. Rounding differs between processors, so a few may.',
  },
  differMine: '{n} of the predictions differ from those of {id}.',
  mcNemar: 'Only here right: {second}; only the published ones right: {first}. McNemar’s test: {p}.',
  noPredictions:
    'The published predictions could not be loaded, so the two cannot be compared image by image.',
  differing: 'No. {id}: {label}; published {published}, here {own}',
  more: 'and {n} more, which the download has',
  hashSame: 'The weights are the published ones: the SHA-256 of every file is the one in metrics.json.',
  hashDifferent:
    'These are not the published weights: the SHA-256 of {files} is not the one in metrics.json.',
  hashUnknown:
    'Whether the weights are the published ones could not be checked: browsers compute hashes only on pages served over https.',
  hashMine: 'The weights are those that this browser keeps of the network you taught.',
  where: 'Computed in {time} by {backend} ({device}), workers: {n}. {browser}',
  download: 'Result as JSON',
  class: 'Class',
  tableTitle: 'Precision, recall and F1, here and (published)',

  missing: 'This cannot go on: {file} is not on the server. What was computed is kept; try again later.',
  unreachable:
    'This cannot go on: {file} did not load. Check the connection; what was computed is kept, and Resume goes on.',
  damaged: 'This cannot go on: {file} cannot be read ({reason}). Reload the page, or choose another network.',
  'not-kept':
    'This browser keeps no network that you taught, or an incomplete one. Teach one on the page “Teach” first.',
  'no-backend':
    'No backend works in this browser. Use a newer browser, or take “backend” out of the address; what was computed is kept.',
  stopped:
    'The computation stopped repeatedly, perhaps for lack of memory. What was computed is kept: close other tabs and press Resume.',
  asleep: 'The check could not be loaded. Check the connection and try again.',

  trainIntro:
    'Train the report’s network from random weights in this browser, and see its curves (purple) beside the published ones. It is not a repetition of the run: {images} training images instead of {reportImages}, {epochs} epochs instead of {reportEpochs} (on a graphics processor up to {reportEpochs}), batches of {batch} instead of {reportBatch}, a peak learning rate of {rate} instead of {reportRate}; its epochs are stretched over the axis. Loads {size} and the engine.',
  trainStart: 'Train it here',
  trainLoading: 'Loading the images and the engine …',
  trainEpoch:
    'On {backend}, {epoch} of {epochs} epochs done: {accuracy} of the first 500 test images are right.',
  trainLeft: 'Step {step} of {steps}, about {time} left.',
  trainMoved: '{from} was lost: training resumes from the end of epoch {epoch} on {to}.',
  trainDone: 'Trained.',
  trainResult:
    '{accuracy} of the first {n} test images are right after {epoch} epochs, in {time} from the click on {backend}. The first batch had a loss of {loss}, that of random weights.',
};
