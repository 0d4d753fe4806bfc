/** The page of trainings that are going on, during development only. */
export default {
  title: 'Trainings',
  lede: 'Trainings on this machine, read from their own folders every two seconds; nothing here touches them.',
  none: 'No training has been started here yet: npm run train -- --preset preview starts a short one.',
  running: 'Running.',
  stopped: 'Stopped before its end; the same command with --resume continues from the last checkpoint.',
  finished: 'Finished and not published.',
  published: 'Finished and published.',
  open: 'The published run',
  place: 'Epoch {epoch} of {epochs}, batch {batch} of {batches}.',
  left: { one: 'About one minute left.', other: 'About {n} minutes left.' },
  memory: '{gib} GiB of memory, {backend}.',
  best: 'Best validation accuracy so far: {accuracy}',
  losses: 'Line chart of the loss of each batch of {id}',
  curves: 'Line charts of loss, accuracy and learning rate of {id}, epoch by epoch',
  matrix: 'Confusion matrix of {id} on the validation images after the last epoch',
};
