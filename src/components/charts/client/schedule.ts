import {
  describeSchedule,
  formatRate,
  scheduleChart,
  scheduleTable,
  type ScheduleData,
  type ScheduleSetting,
} from '../schedule.ts';
import { readView, writeView } from '../../../client/url-state.ts';
import { fillTable, type FigureParts } from './figure.ts';

/** How each slider's position becomes a setting, and back, and how it reads. */
const SLIDERS = {
  peak: { key: 'peak', from: (v: number) => 10 ** v, to: (v: number) => Math.log10(v), write: formatRate },
  warmUp: {
    key: 'warmUp',
    from: (v: number) => v / 100,
    to: (v: number) => v * 100,
    write: (v: number) => `${Math.round(v * 100)}%`,
  },
  epochs: { key: 'epochs', from: Math.round, to: (v: number) => v, write: String },
  finalRate: {
    key: 'final',
    from: (v: number) => 10 ** v,
    to: (v: number) => Math.log10(v),
    write: formatRate,
  },
} as const satisfies Record<
  string,
  {
    key: keyof ScheduleSetting;
    from: (position: number) => number;
    to: (value: number) => number;
    write: (value: number) => string;
  }
>;
type Name = keyof typeof SLIDERS;

/** The schedule in the browser: four sliders, the curves and what they mean for the report's printed values. */
export function mount({ figure, lang, variants, readout, data: given }: FigureParts): void {
  const data = given as ScheduleData & { alt: string };
  const inputs = [...figure.querySelectorAll<HTMLInputElement>('.sliders input')];
  const setting: ScheduleSetting = { ...data.setting };

  const asked = readView(figure.id);
  for (const input of inputs) {
    const position = Number(asked[input.name] || NaN);
    if (position >= Number(input.min) && position <= Number(input.max)) {
      const { key, from } = SLIDERS[input.name as Name];
      setting[key] = from(position);
    }
  }

  function draw(): void {
    const sentence = describeSchedule(data, setting, lang);
    for (const { svg, width } of variants) {
      svg.innerHTML = scheduleChart(data, setting, width, lang).content;
      svg.setAttribute('aria-label', `${data.alt} ${sentence}`);
    }
    if (readout) readout.textContent = sentence;
    fillTable(figure, scheduleTable(data, setting, lang));
    for (const input of inputs) {
      const { key, to, write } = SLIDERS[input.name as Name];
      const text = write(setting[key]);
      input.value = String(to(setting[key]));
      input.setAttribute('aria-valuetext', text);
      const output = input.parentElement?.querySelector('output');
      if (output) output.textContent = text;
    }
  }

  function save(): void {
    writeView(
      figure.id,
      Object.fromEntries(
        inputs.map((input) => {
          const { key } = SLIDERS[input.name as Name];
          return [input.name, setting[key] === data.setting[key] ? undefined : input.value];
        }),
      ),
    );
  }

  for (const input of inputs) {
    const { key, from } = SLIDERS[input.name as Name];
    input.addEventListener('input', () => {
      setting[key] = from(Number(input.value));
      draw();
    });
    input.addEventListener('change', save);
  }
  figure.querySelector('[data-reset]')?.addEventListener('click', () => {
    Object.assign(setting, data.setting);
    draw();
    save();
  });
  draw();
}
