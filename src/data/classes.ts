/** The ten classes in the order of their labels: the report's own English names (section 2.2) and Chinese ones. */
export const CLASSES = [
  { en: 'T-shirt/top', zh: 'T恤' },
  { en: 'Trouser', zh: '裤子' },
  { en: 'Pullover', zh: '套头衫' },
  { en: 'Dress', zh: '连衣裙' },
  { en: 'Coat', zh: '外套' },
  { en: 'Sandal', zh: '凉鞋' },
  { en: 'Shirt', zh: '衬衫' },
  { en: 'Sneaker', zh: '运动鞋' },
  { en: 'Bag', zh: '包' },
  { en: 'Ankle boot', zh: '短靴' },
] as const;

export const CLASS_COUNT = CLASSES.length;

/** The label of an image that shows no class; the network should give all classes the same probability. */
export const NO_CLASS = 255;

/** The class that the report finds hardest. */
export const SHIRT = 6;

/** The languages in which classes have a name. */
export type ClassLanguage = keyof (typeof CLASSES)[number];

/** The ten names in one language, in the order of their labels. */
export const classNames = (language: ClassLanguage): string[] => CLASSES.map((names) => names[language]);
