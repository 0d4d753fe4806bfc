import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkId, defaultId, difference, makePlan, type Plan, variation } from '../../src/runs/plan.ts';
import { helpText, parseFlags } from '../../scripts/cli/command.ts';
import { trainCommand, trainOptions } from '../../scripts/cli/train-options.ts';
import type { TrainOptions } from '../../src/runs/train-options.ts';
import { departuresText } from '../../src/artifacts/recipe-text.ts';
import labels from '../../src/i18n/en/presets.ts';
import { departures } from '../../src/training/recipe.ts';

const parse = (...args: string[]): TrainOptions => trainOptions(parseFlags(trainCommand, args).options);

describe('flags', () => {
  it('are read', () => {
    expect(parse()).toMatchObject({ resume: false, restart: false, publish: true });
    expect(
      parse('--preset', 'preview', '--epochs=3', '--seed', '0', '--no-publish', '--resume'),
    ).toMatchObject({
      preset: 'preview',
      epochs: 3,
      seed: 0,
      publish: false,
      resume: true,
    });
  });

  it.each([
    [['--preset', 'nope'], 'Unknown preset "nope"; known are report, '],
    [['--backend', 'cuda'], 'Unknown backend "cuda"; known are auto, tensorflow-gpu'],
    [['--data', 'mnist'], 'Unknown data "mnist"; known are fashion-mnist, synthetic.'],
    [['--epochs', '0'], '--epochs takes a whole number from 1 to 10000, not "0".'],
    [['--epochs', '1.5'], 'not "1.5"'],
    [['--epochs', 'many'], 'not "many"'],
    [['--epochs=-1'], 'not "-1"'],
    [['--limit', '60001'], '--limit takes a whole number from 1 to 60000'],
    [['--batch', '1'], '--batch takes a whole number from 2'],
    [['--threads', '0'], '--threads takes a whole number from 1 to '],
    [['--threads=-2'], ', the threads that this machine has, not "-2".'],
    [['--threads', '1.5'], 'not "1.5"'],
    [['--threads', String(availableParallelism() + 1)], ', the threads that this machine has, not '],
    [['--seed', '4294967296'], '--seed takes a whole number from 0 to 4294967295'],
    [['--output', ' '], '--output needs a value.'],
    [['--output'], `Option '--output <value>' argument missing`],
    [['--epoch', '3'], `Unknown option '--epoch'. "npm run train -- --help" lists the flags.`],
    [['report'], `Unexpected argument 'report'.`],
    [['--resume', '--restart'], 'choose one of them'],
    [['--stop-at', '0'], '--stop-at takes a percentage above 0 and up to 100, such as 93.72, not "0".'],
    [['--stop-at', '101'], 'not "101"'],
    [['--stop-at', 'soon'], 'not "soon"'],
    [['--seeds', '1'], '--seeds takes a whole number from 2 to 100'],
    [['--seeds', '3', '--no-publish'], 'leave --no-publish out'],
    [['--seeds', '3', '--state-dir', 'x'], 'leave --state-dir out'],
    [['--from', ''], '--from needs a value.'],
  ])('%j is refused in one sentence', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it('are all explained', () => {
    const help = helpText(trainCommand);
    for (const flag of [
      'preset',
      'epochs',
      'limit',
      'batch',
      'seed',
      'data',
      'backend',
      'threads',
      'output',
      'seeds',
      'from',
      'stop-at',
      'members',
    ]) {
      expect(help).toContain(`--${flag} <`);
    }
    for (const flag of [
      'all-images',
      'no-publish',
      'state-dir',
      'checkpoint-seconds',
      'resume',
      'restart',
      'help',
    ]) {
      expect(help).toContain(`--${flag}`);
    }
    for (const label of Object.values(labels)) expect(help).toContain(label);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

describe('a plan', () => {
  const departs = ({ recipe, data }: Plan): string => departuresText(departures(recipe, data));

  it('is the report’s recipe unless something else is said', () => {
    const plan = makePlan(parse());
    expect(plan).toMatchObject({ preset: 'report', data: 'fashion-mnist' });
    expect(departs(plan)).toBe('');
    expect(defaultId(plan)).toBe('baseline');
  });

  it('says where it departs from it, and takes a name of its own', () => {
    const short = makePlan(parse('--epochs', '3'));
    expect(departs(short)).toBe('epochs 3 instead of 20');
    expect(defaultId(short)).toBe('baseline-variant');
    expect(variation(short)).toBe('settings');
    const aimed = makePlan(parse('--preset', 'fast', '--stop-at', '93.5', '--from', 'baseline'));
    expect(aimed.recipe).toMatchObject({ targetAccuracy: 0.935, from: 'baseline' });
    expect(defaultId(aimed)).toBe('fast-variant');
    expect(defaultId(makePlan(parse('--preset', 'fast', '--stop-at', '93.72')))).toBe('fast');
    expect(defaultId(makePlan(parse('--preset', 'best')))).toBe('best');
    const judged = makePlan(parse('--preset', 'best', '--no-all-images'));
    expect(judged.recipe).not.toHaveProperty('allImages');
    const seeded = makePlan(parse('--seed', '7'));
    expect(departs(seeded)).toBe('');
    expect(variation(seeded)).toBe('seed');
    expect(defaultId(seeded)).toBe('baseline-seed-7');
    const made = makePlan(parse('--data', 'synthetic'));
    expect(departs(made)).toBe('made-up images instead of Fashion-MNIST');
    expect(defaultId(made)).toBe('baseline-variant');
    const preview = makePlan(parse('--preset', 'preview'));
    expect(defaultId(preview)).toBe('preview');
    expect(departs(preview)).toContain('epochs 2 instead of 20');
  });

  it.each([
    [
      ['--limit', '100', '--all-images'],
      /cannot be limited; leave --limit out, or leave --all-images out\.$/,
    ],
    [
      ['--preset', 'best', '--limit', '100'],
      /cannot be limited; leave --limit out, or add --no-all-images, since/,
    ],
    [
      ['--preset', 'preview', '--all-images'],
      /^A run on all images cannot be limited; leave --all-images out\.$/,
    ],
    [
      ['--preset', 'best', '--stop-at', '95'],
      /to stop at; leave --stop-at out, or add --no-all-images, since the preset/,
    ],
    [['--preset', 'fast', '--all-images'], /to stop at; leave --all-images out\.$/],
    [
      ['--preset', 'fast', '--epochs', '2'],
      /epochs 2 to 3, of which a run of 2 would miss some; choose more --epochs/,
    ],
    [['--limit', '48001'], /^--limit 48001 is more than the 48000 images that there are to train on/],
    [['--limit', '513', '--data', 'synthetic'], /more than the 512 images/],
  ])('%j contradicts itself', (args, message) => {
    expect(() => makePlan(parse(...args))).toThrow(message);
  });

  it('has a preset’s id on the site only as that preset stands', () => {
    const place = (id: string, onSite = true): Parameters<typeof checkId>[1] => ({ id, onSite });
    const tail = makePlan(parse('--preset', 'long-tail'));
    expect(() => checkId(tail, place('long-tail'))).not.toThrow();
    expect(() => checkId(tail, place('something-else'))).not.toThrow();
    expect(() =>
      checkId(makePlan(parse('--preset', 'long-tail', '--seed', '3')), place('long-tail')),
    ).not.toThrow();
    const short = makePlan(parse('--preset', 'long-tail', '--epochs', '2'));
    const refused =
      /^"long-tail" is the id of the unchanged preset "long-tail", which this run is not; choose/;
    expect(() => checkId(short, place('long-tail'))).toThrow(refused);
    expect(() => checkId(short, place('long-tail', false))).not.toThrow();
    expect(() => checkId(tail, place('attention'))).toThrow(
      /^"attention" is the id of the unchanged preset "attention"/,
    );
    expect(() => checkId(tail, place('ensemble'))).toThrow(
      /^"ensemble" is the id of the unchanged preset "ensemble"/,
    );
  });

  it('takes from a checkpoint what the flags leave out', () => {
    const saved = makePlan(parse('--preset', 'preview', '--epochs', '4', '--seed', '9'));
    expect(makePlan(parse('--resume'), saved)).toEqual(saved);
    expect(makePlan(parse('--seed', '9'), saved)).toEqual(saved);
    expect(difference(saved, makePlan(parse('--seed', '1'), saved))).toEqual({
      path: 'recipe.seed',
      one: 9,
      other: 1,
    });
  });
});

it('difference finds the first one, whichever side lacks it', () => {
  expect(difference({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBeNull();
  expect(difference({ a: 1 }, {})).toEqual({ path: 'a', one: 1, other: undefined });
  expect(difference({}, { a: { b: 1 } })).toEqual({ path: 'a', one: undefined, other: { b: 1 } });
  expect(difference([1, 2], [1, 3])?.path).toBe('1');
  expect(difference(1, '1')?.path).toBe('');
});
