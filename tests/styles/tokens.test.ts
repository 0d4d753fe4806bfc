import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Rgb = [number, number, number];
const THEMES = ['light', 'dark'] as const;

/** The colours of tokens.css by name, one for each theme, as linear RGB. */
const tokens = new Map(
  [
    ...readFileSync('src/styles/tokens.css', 'utf8').matchAll(
      /--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g,
    ),
  ].map(([, name, light, dark]) => [name!, { light: linear(light!), dark: linear(dark!) }]),
);
const colour = (name: string, theme: (typeof THEMES)[number]): Rgb => tokens.get(name)![theme];

function linear(hex: string): Rgb {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

const times = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb =>
  matrix.map(([x, y, z]) => x * r + y * g + z * b) as Rgb;

/** Machado, Oliveira & Fernandes 2009, severity 1. */
const SIGHT = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, Rgb[]>;

/** CIE L*a*b* under D65. */
function lab(rgb: Rgb): Rgb {
  const [x, y, z] = times(
    [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
    ],
    rgb,
  ).map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)) as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a: Rgb, b: Rgb): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

describe.each(THEMES)('in the %s theme', (theme) => {
  it.each(['train', 'validation', 'rate', 'reported'])('the series %s stands out from the paper', (name) => {
    expect(contrast(colour(`series-${name}`, theme), colour('paper', theme))).toBeGreaterThan(4.5);
  });

  it.each(['ink', 'ink-2', 'ink-3', 'accent', 'caution'])('text in %s can be read', (name) => {
    for (const ground of ['paper', 'surface', 'sunken']) {
      expect(contrast(colour(name, theme), colour(ground, theme))).toBeGreaterThan(4.5);
    }
  });

  describe.each(Object.entries(SIGHT))('under %s vision', (_, matrix) => {
    it.each([
      ['series-train', 'series-validation'],
      ['series-train', 'series-reported'],
      ['series-validation', 'series-reported'],
      ['heat-right', 'heat-wrong'],
      ['accent', 'series-validation'],
    ] as const)('%s and %s are told apart', (a, b) => {
      const [first, second] = [a, b].map((name) => lab(times(matrix, colour(name, theme)))) as [Rgb, Rgb];
      // Ten times what is just seen when both lie side by side.
      expect(Math.hypot(...first.map((value, i) => value - second[i]!))).toBeGreaterThan(23);
    });
  });
});
