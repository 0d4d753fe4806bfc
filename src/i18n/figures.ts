import { translator } from './translator.ts';

/** What is said where a figure's script does not arrive; apart, since the script that says it is on every page. */
export const figures = translator({
  zh: {
    asleep: '这幅图可以看，但互动的部分没有载入。请检查网络连接后重试。',
    retry: '重试',
  },
  en: {
    asleep:
      'The figure stands, but what makes it interactive could not be loaded. Check the connection and try again.',
    retry: 'Try again',
  },
});
