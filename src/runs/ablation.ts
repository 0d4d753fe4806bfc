/** What each change brought, counted on the validation images. */
import type { AblationFigures, ChangeOutcome } from '../artifacts/ablation.ts';
import { VERSIONS } from '../artifacts/schema.ts';
import { CLASS_COUNT } from '../data/dataset.ts';
import { comparePredictions } from '../evaluation/mcnemar.ts';
import { countCorrect } from '../evaluation/metrics.ts';
import { UserError } from '../node/errors.ts';
import { type Asked, CHANGE_IDS, CHANGES, type ChangeId } from '../training/ablation.ts';
import { loadDataset, splitOf } from './dataset.ts';
import { answerTogether } from './ensemble.ts';
import { readSource, type Source, weightHashes } from './parent-runs.ts';

/** Every network that takes part, once. @throws UserError when one has seen the validation images in training */
async function readNetworks(): Promise<Map<string, Source>> {
  const names = new Set(
    Object.values(CHANGES).flatMap(({ before, after }) => [...before.members, ...after.members]),
  );
  const networks = await Array.fromAsync(names, readSource);
  const seen = networks.find(({ metrics }) => !metrics.validation);
  if (seen) {
    throw new UserError(
      `"${seen.name}" was trained on the validation images, so these show nothing; take another into src/training/ablation.ts.`,
    );
  }
  return new Map(networks.map((network) => [network.name, network]));
}

/**
 * Has all networks classify the validation images on the active backend, as each change asks them.
 * @param progress called before each way of asking
 */
export async function measureChanges(
  backend: AblationFigures['backend'],
  progress: (asked: Asked) => void,
): Promise<AblationFigures> {
  const networks = await readNetworks();
  const data = await loadDataset('fashion-mnist');
  const { train } = data;
  const { validation } = splitOf(data, null);
  const labels = Uint8Array.from(validation, (image) => train.labels[image]!);
  const answers = new Map<string, Uint8Array>();
  const predictedBy = async (asked: Asked): Promise<Uint8Array> => {
    const key = JSON.stringify(asked);
    if (!answers.has(key)) {
      progress(asked);
      const members = asked.members.map((name) => networks.get(name)!);
      answers.set(key, (await answerTogether(members, asked, train, validation)).predicted);
    }
    return answers.get(key)!;
  };
  const changes = {} as Record<ChangeId, ChangeOutcome>;
  for (const id of CHANGE_IDS) {
    const { before, after } = CHANGES[id];
    const [first, second] = [await predictedBy(before), await predictedBy(after)];
    const { onlyFirst, onlySecond } = comparePredictions(labels, first, second, CLASS_COUNT).mcNemar;
    changes[id] = {
      before,
      after,
      correctBefore: countCorrect(labels, first),
      correctAfter: countCorrect(labels, second),
      onlyBefore: onlyFirst,
      onlyAfter: onlySecond,
    };
  }
  return {
    schemaVersion: VERSIONS.ablation,
    backend,
    images: labels.length,
    weights: weightHashes([...networks.values()]),
    changes,
  };
}
