/** What the worker needs for lessons: a file of its own, which comes only where something is taught. */
export { DivergedError, FineTuning } from '../../training/fine-tuning.ts';
export { testGradients } from '../self-test.ts';
