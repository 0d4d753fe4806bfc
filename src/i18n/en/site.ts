/** The frame of every page: header, footer, search, and what a script says that was not loaded. */
export default {
  name: 'Fashion-MNIST, checked',
  skip: 'Skip to content',
  navigation: 'Main',
  report: 'Report',
  draw: 'Draw',
  finetune: 'Teach',
  runs: 'Runs',
  card: 'Model card',
  use: 'Use it',
  theme: 'Switch between light and dark',
  footer:
    'Report by Tu Jinpeng (涂锦鹏). Dataset: Fashion-MNIST © Zalando SE, MIT licence. Code: MIT licence.',
  privacy: 'This site makes no request to any other; what you draw stays in your browser.',
  code: 'Code',
  dataset: 'Dataset',
  paper: 'The dataset’s paper',
  notFound: 'There is no such page',
  notFoundText: 'The address may be mistyped, or the page has moved.',
  home: 'Back to the report',

  'search.open': 'Search',
  'search.label': 'Search the report',
  'search.close': 'Close',
  'search.found': 'Matches: {n}',
  'search.nothing': 'Nothing found. Try another word.',
  'search.failed': 'The search could not be loaded. Check the connection, close it and open it again.',

  scriptsFailed:
    'The page’s script did not load, so its controls do nothing. Check the connection and reload the page; if this is a saved or embedded copy, open the page on its own site.',
  asleep: 'The figure is shown, but its controls could not be loaded. Check the connection and try again.',
  retry: 'Try again',
};

/**
 * The ten classes in the order of their labels: the name (in English the report's own, section 2.2), a short one where
 * space is scarce, one to be recognised by beside the report's English, and several garments within a sentence.
 */
export const classes = [
  { name: 'T-shirt/top', short: 'T-shirt', long: 'T-shirt', plural: 'T-shirts' },
  { name: 'Trouser', short: 'Trouser', long: 'Trouser', plural: 'trousers' },
  { name: 'Pullover', short: 'Pullover', long: 'Pullover', plural: 'pullovers' },
  { name: 'Dress', short: 'Dress', long: 'Dress', plural: 'dresses' },
  { name: 'Coat', short: 'Coat', long: 'Coat', plural: 'coats' },
  { name: 'Sandal', short: 'Sandal', long: 'Sandal', plural: 'sandals' },
  { name: 'Shirt', short: 'Shirt', long: 'Shirt', plural: 'shirts' },
  { name: 'Sneaker', short: 'Sneaker', long: 'Sneaker', plural: 'sneakers' },
  { name: 'Bag', short: 'Bag', long: 'Bag', plural: 'bags' },
  { name: 'Ankle boot', short: 'Ankle boot', long: 'Ankle boot', plural: 'ankle boots' },
];
