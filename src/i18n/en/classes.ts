/**
 * The ten classes in the order of their labels: the name (in English the report's own, section 2.2), a short one where
 * space is scarce, one to be recognised by beside the report's English, and several garments within a sentence.
 */
export default [
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
