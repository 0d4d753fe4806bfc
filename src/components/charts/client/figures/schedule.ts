import { readView, writeView } from '../../../../client/url-state.ts';
import {
  describeSchedule,
  scheduleChart,
  scheduleTable,
  SLIDERS,
  type ScheduleData,
  type ScheduleSetting,
} from '../../schedule.ts';
import { fillTable, readOut, redraw, type FigureParts } from '../figure.ts';

/** The schedule: four sliders, the curves and what they mean for the values that the report prints. */
export function mount(parts: FigureParts): void {
  const { figure, lang } = parts;
  const data = parts.data as ScheduleData & { alt: string };
  const setting: ScheduleSetting = { ...data.setting };
  const sliders = SLIDERS.map((slider) => ({
    ...slider,
    input: figure.querySelector<HTMLInputElement>(`.sliders input[name=${slider.name}]`)!,
  }));

  const asked = readView(figure.id);
  for (const { name, key, min, max, toValue } of sliders) {
    const position = Number(asked[name] || NaN);
    if (position >= min && position <= max) setting[key] = toValue(position);
  }

  function draw(): void {
    const sentence = describeSchedule(data, setting, lang);
    redraw(parts, (width) => scheduleChart(data, setting, width, lang), `${data.alt} ${sentence}`);
    readOut(parts, sentence);
    fillTable(parts, scheduleTable(data, setting, lang));
    for (const { input, key, toPosition, format } of sliders) {
      const text = format(setting[key]);
      input.value = String(toPosition(setting[key]));
      input.setAttribute('aria-valuetext', text);
      input.parentElement!.querySelector('.value')!.textContent = text;
    }
  }

  function save(): void {
    const changed = sliders.filter(({ key }) => setting[key] !== data.setting[key]);
    writeView(figure.id, Object.fromEntries(changed.map(({ name, input }) => [name, input.value])));
  }

  for (const { input, key, toValue } of sliders) {
    input.addEventListener('input', () => {
      setting[key] = toValue(Number(input.value));
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
