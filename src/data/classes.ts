/** How many classes of garments the dataset has; their names are in src/i18n. */
export const CLASS_COUNT = 10;

/** The label of an image that shows no class; the network should give all classes the same probability. */
export const NO_CLASS = 255;

/** The class that the report finds hardest. */
export const SHIRT = 6;
