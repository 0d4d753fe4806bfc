/** Brings published runs of an earlier version to this one. `npm run migrate -- --help` explains it. */
import { migrate } from '../src/runs/migrate.ts';
import { runCommand } from './cli/command.ts';

const about = `Brings published runs of an earlier version to this one, without training them again.

  npm run migrate                        all of public/models
  npm run migrate -- baseline            one or more runs of public/models
  npm run migrate -- ./runs/test         a run in another folder`;

const notes = `Rewrites metrics.json, the cards and index.json; weights, curves, predictions and logs stay as they are. Runs of this
version are left alone, but for cards whose words have changed since.`;

await runCommand({ name: 'migrate', about, flags: {}, notes, takesNames: true }, async (_, names) => {
  const migrated = await migrate(names);
  console.log(migrated.length ? `Migrated: ${migrated.join(', ')}.` : 'There is nothing to migrate.');
  return 0;
});
