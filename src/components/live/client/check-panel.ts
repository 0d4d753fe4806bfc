/** The panel in which a reader checks a published network, or the own one. */
import { decodeFloat16 } from '../../../artifacts/float16.ts';
import type { Metrics } from '../../../artifacts/schema.ts';
import { saveFile } from '../../../client/files.ts';
import { ImageSheets } from '../../../client/image-set.ts';
import { once } from '../../../client/loading.ts';
import { CLASS_COUNT } from '../../../data/dataset.ts';
import { isWebBackend } from '../../../engines/backends.ts';
import { read, remove, write } from '../../../engines/web/database.ts';
import { keptNetwork, MINE } from '../../../engines/web/kept-networks.ts';
import { type Chosen, EngineError } from '../../../engines/web/protocol.ts';
import { comparePredictions, type PairComparison } from '../../../evaluation/mcnemar.ts';
import { confusionCells, predictedClasses, wilsonInterval, type Score } from '../../../evaluation/metrics.ts';
import { type Evaluated, Verification, type VerificationState } from '../../../evaluation/verification.ts';
import { live as words } from '../../../i18n/live.ts';
import { duration, megabytes, number, percent, pValue } from '../../../i18n/format.ts';
import { languageOf } from '../../../i18n/languages.ts';
import { longName, shortName } from '../../../i18n/site.ts';
import type { Values } from '../../../i18n/translator.ts';
import { viewsOf } from '../../../training/image-geometry.ts';
import { confusionStyles, matrixChart } from '../../charts/confusion.ts';
import { setOwnResult } from '../../charts/client/own-result.ts';
import { Tiles } from '../../charts/client/tiles.ts';
import { escape, svg, tableRows, WIDTHS } from '../../charts/svg.ts';
import type { CheckSetup } from '../check-setup.ts';
import { CheckRun, workersHere, type Look } from './check-run.ts';
import type { Panel } from './touch.ts';
import { mountOwnTable } from './own-table.ts';
import { failureSentence, fetchFile, fetchMetrics, fetchNetwork, type FileHash } from './network-files.ts';

type State = 'idle' | 'loading' | 'running' | 'paused' | 'done' | 'error';

/** Milliseconds that an image takes in one worker on wasm, for the estimate before anything was measured. */
const IMAGE_MILLISECONDS = 4;
/** Milliseconds between two drawings of what has been computed. */
const REDRAW = 500;
/** Predictions after which what was computed is stored again. */
const STORED = 1000;
/** Differing predictions that are shown; the download has all. */
const MOST_SHOWN = 60;
const SMOOTHING = 0.1;

/** A check that was begun, with all that it takes to resume it. */
interface Check {
  readonly id: string;
  readonly verification: Verification;
  readonly run: CheckRun;
  readonly labels: Uint8Array;
  readonly hashes: readonly FileHash[];
  /** Whose published results it is compared with, and those; the answers may not have arrived. */
  readonly published: {
    id: string;
    test: Metrics['test'];
    report: Metrics['report'];
    answers: Uint8Array | null;
  };
  seconds: number;
  backend: Chosen | null;
}

export function mount(section: HTMLElement): Panel {
  const lang = languageOf(section.dataset['lang']);
  const t = (key: Parameters<typeof words>[1], values?: Values): string => words(lang, key, values);
  const setup = JSON.parse(section.dataset['setup']!) as CheckSetup;
  const find = <E extends HTMLElement>(selector: string): E => section.querySelector<E>(selector)!;
  const hook = <E extends HTMLElement>(name: string): E => find<E>(`[data-testid=verify-${name}]`);
  const [select, startButton] = [hook<HTMLSelectElement>('run'), hook<HTMLButtonElement>('start')];
  const [pauseButton, stopButton] = [hook<HTMLButtonElement>('pause'), hook<HTMLButtonElement>('stop')];
  const [status, result] = [hook('status'), hook('result')];
  const [speed, sofar, events] = [find('.speed'), find('.sofar'), find('.events')];
  const [bar, matrix] = [find<HTMLProgressElement>('progress'), find('.matrix')];
  const asked = new URLSearchParams(location.search).get('backend');

  let state: State = 'idle';
  let check: Check | null = null;
  /** Settles when the workers have put down what they were at. */
  let running: Promise<void> = Promise.resolve();
  const images = once(() => new ImageSheets(setup.test).all());
  const labels = once(
    async () => new Uint8Array(await fetchFile('data', setup.test.labels.split('/').at(-1)!)),
  );

  function show(next: State, sentence: string): void {
    state = next;
    Object.assign(status.dataset, { state, done: String(check?.verification.done ?? 0) });
    status.textContent = sentence;
    const busy = state === 'loading' || state === 'running';
    startButton.disabled = busy;
    pauseButton.disabled = state !== 'running' && state !== 'paused';
    pauseButton.setAttribute('aria-pressed', String(state === 'paused'));
    stopButton.disabled = !busy && state !== 'paused';
    select.disabled = busy || state === 'paused';
    const begun = check !== null && check.verification.done < check.verification.total;
    startButton.textContent = t(begun ? 'resume' : 'start');
  }

  const networkOf = (id: string) => setup.networks.find((each) => each.id === id);

  function showCost(): void {
    const network = networkOf(select.value);
    const views = network ? network.members.length * viewsOf(network).length : 1;
    const seconds = (setup.test.count * views * IMAGE_MILLISECONDS) / 1000 / workersHere();
    find('.cost').textContent = t(network ? 'cost' : 'costMine', {
      size: megabytes(lang, setup.imageBytes + (network?.bytes ?? 0)),
      time: duration(lang, seconds),
      n: workersHere(),
    });
  }

  select.addEventListener('change', () => {
    if (select.disabled) return;
    if (check && check.id !== select.value) {
      check.run.stop();
      check = null;
      bar.value = 0;
      for (const part of [speed, sofar, events]) part.textContent = '';
      result.hidden = matrix.hidden = true;
      show('idle', '');
    }
    showCost();
  });

  /** Loads all that a check takes; nothing is computed yet. @throws EngineError */
  async function begin(id: string): Promise<Check> {
    const pixels = await images().catch((error: unknown) => {
      const [file = '', code] = (error as Error).message.split(/: (?=\d+$)/);
      const fault = { file: `data/${file.split('/').at(-1)}`, reason: 'it is not there' };
      throw new EngineError(code === '404' ? 'missing' : 'unreachable', file, fault);
    });
    const network = networkOf(id);
    const reference = network?.id ?? setup.primary;
    const [truth, { test, report }] = [await labels(), await fetchMetrics<Metrics>(reference)];
    // To compare with in the end, and to test a backend with; what is counted comes from neither.
    const predictions = await fetchFile(`models/${reference}`, 'predictions.bin').then(
      (bytes) => decodeFloat16(new Uint16Array(bytes)),
      () => null,
    );
    const hashes: FileHash[] = [];
    const looks: Look[] = [];
    if (network) {
      for (const member of network.members) {
        // An ensemble's are not its members'.
        const own = network.members.length * viewsOf(network).length === 1 ? predictions : null;
        const fetched = await fetchNetwork(member, own, () => undefined);
        hashes.push(...fetched.hashes);
        for (const view of viewsOf(network)) looks.push({ source: fetched.source, view });
      }
    } else {
      const own = await keptNetwork(MINE).catch(() => null);
      if (!own) throw new EngineError('not-kept', 'no network is kept');
      const { architecture } = own;
      const source = { id, kept: MINE, architecture, url: '', topology: '', files: {}, known: null };
      looks.push({ source, view: viewsOf({ flips: false })[0]! });
    }
    const verification = new Verification(truth, { views: looks.length });
    const run = new CheckRun({
      images: pixels,
      looks,
      verification,
      forced: isWebBackend(asked) ? asked : null,
      onPiece: progress,
      onBackend(chosen, before) {
        if (check) check.backend = chosen;
        if (before)
          tell(t('moved', { before: before.name, after: chosen.name, n: number(lang, verification.done) }));
      },
      onRestart: () => tell(t('restarted', { n: number(lang, verification.done) })),
    });
    const key = keyOf({ id, hashes });
    const kept = key && ((await read(key).catch(() => null)) as VerificationState | null | undefined);
    if (kept && kept.sums.length === truth.length * CLASS_COUNT) {
      verification.restore(kept);
      tell(t('restored', { n: number(lang, verification.done) }));
    }
    stored = verification.done;
    const answers = predictions && predictedClasses(predictions, CLASS_COUNT).subarray(0, truth.length);
    const published = { id: reference, test, report, answers };
    return { id, verification, run, labels: truth, hashes, published, seconds: 0, backend: null };
  }

  function tell(sentence: string): void {
    const item = document.createElement('li');
    item.textContent = sentence;
    events.append(item);
  }

  /** How many predictions the browser keeps of this check, for when the tab is lost. */
  let stored = 0;

  /** Where a check of these very files is kept; null for what cannot be told from others. */
  const keyOf = ({ id, hashes }: Pick<Check, 'id' | 'hashes'>): string | null =>
    hashes.length > 0 && hashes.every(({ found }) => found !== null)
      ? `check/${id}/${hashes.map(({ found }) => found).join()}`
      : null;

  function store({ verification, ...rest }: Check): void {
    const key = keyOf(rest);
    if (key === null || verification.done < stored + STORED) return;
    stored = verification.done;
    // A browser that stores nothing computes all the same.
    void write(key, verification.state).catch(() => undefined);
  }

  /** When this stretch of computing began, and with how many predictions. */
  let since = { time: 0, done: 0 };
  let drawn = 0;

  function progress(): void {
    if (!check) return;
    const { done, total } = check.verification;
    bar.value = done / total;
    store(check);
    status.dataset['done'] = String(done);
    // The live region speaks at every tenth of the way.
    const tenths = Math.floor((10 * done) / total);
    if (state === 'running' && tenths > 0) {
      const sentence = t('running', { percent: percent(lang, tenths / 10, 0) });
      if (status.textContent !== sentence) status.textContent = sentence;
    }
    const now = performance.now();
    if (now - drawn < REDRAW && done < total) return;
    drawn = now;
    const rate = (done - since.done) / ((now - since.time) / 1000);
    speed.textContent =
      state === 'running' && check.backend
        ? t('speed', {
            speed: number(lang, rate, 0),
            backend: check.backend.name,
            time: duration(lang, (total - done) / rate),
          })
        : '';
    const { images: seen, correct, matrix: counts } = check.verification.sofar();
    const [low, high] = wilsonInterval(correct, seen).map((end) => percent(lang, end));
    sofar.textContent =
      seen === 0
        ? t('sofarNone', { n: total / check.labels.length })
        : t('sofar', {
            images: number(lang, seen),
            correct: number(lang, correct),
            accuracy: percent(lang, correct / seen),
            low: low!,
            high: high!,
          });
    matrix.hidden = seen === 0;
    matrix.innerHTML = [WIDTHS.narrow, WIDTHS.wide]
      .map((width, i) => {
        const graphic = matrixChart(confusionStyles({ matrix: counts }, 'count', lang), width, lang);
        return `<div class="variant ${i ? 'wide' : 'narrow'}">${svg(graphic, t('matrix'))}</div>`;
      })
      .join('');
  }

  async function start(): Promise<void> {
    if (state === 'loading' || state === 'running') return;
    if (check && check.verification.done === check.verification.total) check = null;
    result.hidden = true;
    if (!check) events.replaceChildren();
    show('loading', t('loading'));
    try {
      await running;
      check ??= await begin(select.value);
      // It was stopped meanwhile.
      if ((state as State) !== 'loading') return;
      since = { time: performance.now(), done: check.verification.done };
      show('running', t('running', { percent: percent(lang, 0, 0) }));
      running = check.run.run();
      await running;
      check.seconds += (performance.now() - since.time) / 1000;
      finish(check);
    } catch (error) {
      running = Promise.resolve();
      check?.run.stop();
      // With nothing to keep, the next start loads the files anew: they may have been at fault.
      if (check?.verification.done === 0) check = null;
      if (!(error instanceof EngineError)) throw error;
      show('error', failureSentence(error, lang));
    }
  }

  function pause(): void {
    check?.run.pause();
    show('paused', t('paused'));
    speed.textContent = '';
  }

  function stop(): void {
    check?.run.stop();
    show('idle', check ? t('kept') : '');
    speed.textContent = '';
  }

  function finish(done: Check): void {
    progress();
    const evaluated = done.verification.result(SMOOTHING);
    if (!evaluated) return;
    done.run.stop();
    const key = keyOf(done);
    if (key !== null) void remove(key).catch(() => undefined);
    show('done', t('done', { n: number(lang, evaluated.images) }));
    speed.textContent = sofar.textContent = '';
    const { answers } = done.published;
    const comparison = answers && comparePredictions(done.labels, answers, evaluated.answers, CLASS_COUNT);
    showResult(done, evaluated, comparison);
    const cells = confusionCells(done.labels, evaluated.answers, CLASS_COUNT);
    setOwnResult({ id: done.id, matrix: evaluated.matrix, cells, probabilities: evaluated.probabilities });
  }

  function showResult(done: Check, own: Evaluated, comparison: PairComparison | null): void {
    const { published, hashes } = done;
    const differing = published.answers
      ? [...own.answers.keys()].filter((id) => own.answers[id] !== published.answers![id])
      : [];
    const counts = (of: { correct: number; images: number; accuracy: number }) => ({
      correct: number(lang, of.correct),
      images: number(lang, of.images),
      accuracy: percent(lang, of.accuracy),
    });
    const [low, high] = own.interval.map((end) => percent(lang, end));
    const wrong = hashes.filter(({ found, published: due }) => found !== null && found !== due);
    const hashed =
      done.id === MINE
        ? t('hashMine')
        : wrong.length > 0
          ? t('hashDifferent', { files: wrong.map(({ file }) => file).join(', ') })
          : t(hashes.some(({ found }) => found === null) ? 'hashUnknown' : 'hashSame');
    const paragraphs = [
      `<strong>${escape(t('correct', { ...counts(own), low: low!, high: high! }))}</strong>`,
      escape(
        t('published', {
          id: published.id,
          ...counts(published.test),
          loss: number(lang, own.loss, 4),
          publishedLoss: number(lang, published.test.loss, 4),
        }),
      ),
      wrong.length > 0 ? `<strong class="caution">${escape(hashed)}</strong>` : escape(hashed),
      escape(
        !comparison
          ? t('noPredictions')
          : differing.length === 0
            ? t('same', { n: number(lang, own.images), id: published.id })
            : t(done.id === MINE || wrong.length > 0 ? 'differMine' : 'differ', {
                n: differing.length,
                id: published.id,
              }),
      ),
      ...(comparison && differing.length > 0
        ? [
            escape(
              t('mcNemar', {
                first: comparison.mcNemar.onlyFirst,
                second: comparison.mcNemar.onlySecond,
                p: pValue(comparison.mcNemar.p),
              }),
            ),
          ]
        : []),
    ];
    const where = t('where', {
      time: duration(lang, done.seconds),
      backend: done.backend?.name ?? '–',
      device: done.backend?.device ?? '–',
      n: done.backend?.name === 'wasm' ? workersHere() : 1,
      browser: navigator.userAgent,
    });
    const scores = ['precision', 'recall', 'f1'] as const;
    const row = (name: string, score: Score, due: Score): string[] => [
      name,
      ...scores.map((key) => `${score[key].toFixed(3)} (${due[key].toFixed(3)})`),
    ];
    const rows = [
      ...own.report.classes.map((score, label) =>
        row(shortName(label, lang), score, published.report.classes[label]!),
      ),
      row('macro avg', own.report.macro, published.report.macro),
    ];
    result.innerHTML = `${paragraphs.map((text) => `<p>${text}</p>`).join('')}
<ol class="differing" tabindex="0"></ol>
<div class="scroll" tabindex="0"><table><caption>${escape(t('tableTitle'))}</caption>${tableRows({ columns: [t('class'), ...scores], rows })}</table></div>
<p>${escape(where)}</p><p><button type="button" class="button">${escape(t('download'))}</button></p>`;
    const list = result.querySelector('.differing')!;
    const { sheets, ...layout } = setup.test;
    const tiles = new Tiles(
      sheets.map(({ url }) => url),
      layout,
      () => undefined,
    );
    for (const id of differing.slice(0, MOST_SHOWN)) {
      const item = document.createElement('li');
      const picture = document.createElement('div');
      picture.className = 'tile';
      tiles.show(picture, id, 42);
      const name = (label: number) => longName(label, lang);
      const [label, before, after] = [done.labels[id]!, published.answers![id]!, own.answers[id]!];
      item.append(
        picture,
        t('differing', { id, label: name(label), published: name(before), own: name(after) }),
      );
      list.append(item);
    }
    if (differing.length > MOST_SHOWN) list.append(t('more', { n: differing.length - MOST_SHOWN }));
    if (differing.length === 0) list.remove();
    Object.assign(result.dataset, {
      correct: String(own.correct),
      accuracy: String(own.accuracy),
      differ: comparison ? String(differing.length) : '',
    });
    result.hidden = false;
    result.querySelector('button')!.addEventListener('click', () => {
      const { images: count, correct, accuracy, interval, loss, report, matrix: confusion } = own;
      const content = {
        ...{ network: done.id, images: count, correct, accuracy, interval, loss, report, confusion },
        answers: [...own.answers].join(''),
        comparedWith: published.id,
        differing: differing.map((id) => ({ id, published: published.answers![id], own: own.answers[id] })),
        ...{ files: hashes, backend: done.backend?.name, device: done.backend?.device },
        ...{ browser: navigator.userAgent, seconds: done.seconds, finishedAt: new Date().toISOString() },
      };
      saveFile(
        `check-${done.id}.json`,
        new Blob([JSON.stringify(content, null, 1)], { type: 'application/json' }),
      );
    });
  }

  pauseButton.addEventListener('click', () => {
    if (state === 'paused') void start();
    else pause();
  });
  stopButton.addEventListener('click', stop);
  mountOwnTable();
  showCost();
  return { start: () => void start() };
}
