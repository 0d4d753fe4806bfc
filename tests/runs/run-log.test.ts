import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchLine, bestLine, epochHeader, epochSummary, RunLog } from '../../src/runs/run-log.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  path = join(folder, 'train.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in for the terminal. */
function terminal(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}

it('says what the report’s log says (section 5.1)', () => {
  const lines = [
    ...epochHeader(19, 20),
    batchLine(0, 188, 0.68711, 0.9297),
    bestLine(0.93808),
    ...epochSummary({
      seconds: 22.41,
      trainLoss: 0.64238,
      trainAccuracy: 0.94312,
      validationLoss: 0.64162,
      validationAccuracy: 0.93808,
      learningRate: 0.00012399,
    }),
  ];
  expect(lines.join('\n')).toBe(`Epoch 19/20
-----

Batch 0/188 | Loss: 0.6871 | Acc: 93.0%
✓ Best model saved, validation accuracy: 93.81%

Epoch Summary:
Time: 22.4s
Train Loss: 0.6424 | Train Acc: 94.31%
Val Loss: 0.6416 | Val Acc: 93.81%
Learning Rate: 0.000124

-----
`);
});

describe('the log', () => {
  it('stands in the file and on the terminal, the bar on the terminal alone', () => {
    const { stream, text } = terminal(true);
    const log = new RunLog(path, 0, stream);
    log.line('one');
    log.progress('epoch 1/20', 0.25, 3900);
    log.line('two');
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(text()).toContain('[######..................] 25.0%  epoch 1/20  1 h 05 min left');
    expect(text()).toContain('\r\x1b[Ktwo\n');
  });

  it('shows no bar where there is no terminal', () => {
    const { stream, text } = terminal(false);
    const log = new RunLog(path, 0, stream);
    log.progress('epoch 1/20', 0.25, undefined);
    log.line('one');
    log.close();
    expect(text()).toBe('one\n');
  });

  it('drops what stands behind the checkpoint it goes on from', () => {
    const { stream } = terminal(false);
    const first = new RunLog(path, 0, stream);
    first.line('kept');
    const length = first.length;
    first.line('lost');
    first.close();
    const second = new RunLog(path, length, stream);
    second.line('new');
    second.close();
    expect(readFileSync(path, 'utf8')).toBe('kept\nnew\n');
    new RunLog(path, 0, stream).close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('goes on when the terminal is closed', async () => {
    const { stream } = terminal(false);
    const log = new RunLog(path, 0, stream);
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await new Promise((done) => setImmediate(done));
    log.line('still there');
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('still there\n');
  });

  it.runIf(existsSync('/dev/full'))('says in one sentence that the disk is full', () => {
    const log = new RunLog('/dev/full', 0, terminal(false).stream);
    expect(() => log.line('one')).toThrow('/dev/full could not be written: the disk is full.');
    log.close();
  });
});
