/**
 * What the pictures of public icon and emoji sets show, by their names; written down before any network was shown them.
 * Left out is what none of the ten classes is: kimonos, saris, shorts, swimsuits, vests for safety, ballet shoes, socks,
 * suitcases on wheels. High heels are sandals, as the dataset's are; low leather shoes are sneakers, its only low
 * closed shoes; backpacks, briefcases and purses are bags.
 */

export interface NamedPictures {
  /** The package, and for icons the prefix. */
  readonly set: string;
  /** By class number, names separated by spaces. `*` stands for each of the weights. */
  readonly garments: Readonly<Record<number, string>>;
  /** Could be several classes; counted apart, at most 5 % of the set. Class numbers and names. */
  readonly ambiguous?: Readonly<Record<number, string>>;
  /** Anything but garments, which a network is to be unsure about. */
  readonly others?: string;
}

/** The weights of Phosphor's icons. */
export const WEIGHTS = ['', '-thin', '-light', '-bold', '-fill', '-duotone'] as const;

const OTHERS =
  'pizza cat-face dog-face red-apple automobile house guitar key umbrella hot-beverage banana fish bicycle airplane mobile-phone alarm-clock soccer-ball deciduous-tree sun star red-heart glasses scissors hammer closed-book bell trophy rocket';

export const NAMED_PICTURES: readonly NamedPictures[] = [
  // The same emoji, in colour and in black and white.
  ...['flat', 'high-contrast'].map((style) => ({
    set: `@iconify-json/fluent-emoji-${style}`,
    garments: {
      0: 't-shirt running-shirt womans-clothes',
      1: 'jeans',
      3: 'dress',
      4: 'coat lab-coat',
      5: 'thong-sandal womans-sandal high-heeled-shoe',
      7: 'running-shoe mans-shoe',
      8: 'backpack briefcase clutch-bag handbag purse shopping-bags',
      9: 'hiking-boot womans-boot',
    },
    ambiguous: { 7: 'flat-shoe' },
    others: OTHERS,
  })),
  {
    set: '@iconify-json/ph',
    garments: {
      0: 't-shirt*',
      1: 'pants*',
      2: 'hoodie*',
      3: 'dress*',
      5: 'high-heel*',
      6: 'shirt-folded*',
      7: 'sneaker* sneaker-move*',
      8: 'backpack* bag* bag-simple* briefcase* briefcase-metal* briefcase-simple* handbag* handbag-simple* shopping-bag* shopping-bag-open* suitcase* suitcase-simple* tote* tote-simple*',
      9: 'boot*',
    },
    others:
      'pizza cat dog car house guitar key umbrella coffee fish bicycle airplane device-mobile alarm soccer-ball tree sun star heart eyeglasses scissors hammer book bell chair trophy rocket',
  },
  {
    set: '@iconify-json/tabler',
    garments: {
      0: 'shirt shirt-filled shirt-sport',
      4: 'jacket',
      5: 'flip-flops',
      7: 'shoe',
      8: 'backpack briefcase briefcase-2 briefcase-filled briefcase-2-filled shopping-bag',
    },
  },
  {
    set: '@iconify-json/mdi',
    garments: {
      0: 'tshirt-crew tshirt-crew-outline tshirt-v tshirt-v-outline',
      5: 'shoe-heel',
      7: 'shoe-cleat shoe-formal shoe-sneaker',
      8: 'bag-personal bag-personal-outline briefcase briefcase-outline briefcase-variant briefcase-variant-outline purse purse-outline shopping shopping-outline medical-bag',
    },
  },
  {
    set: '@iconify-json/emojione',
    garments: {
      0: 't-shirt running-shirt',
      1: 'jeans',
      3: 'dress',
      5: 'womans-sandal high-heeled-shoe',
      6: 'womans-clothes',
      7: 'running-shoe mans-shoe',
      8: 'backpack briefcase clutch-bag handbag purse shopping-bags',
      9: 'womans-boot',
    },
    others: OTHERS,
  },
  {
    set: 'emoji-datasource-twitter',
    garments: {
      0: 'shirt running_shirt_with_sash',
      1: 'jeans',
      3: 'dress',
      4: 'coat lab_coat',
      5: 'sandal thong_sandal high_heel',
      6: 'womans_clothes',
      7: 'athletic_shoe mans_shoe',
      8: 'school_satchel briefcase handbag purse pouch shopping_bags',
      9: 'boot hiking_boot',
    },
    ambiguous: { 7: 'womans_flat_shoe' },
    others:
      'pizza cat dog apple car house guitar key umbrella coffee banana fish bike airplane iphone alarm_clock soccer deciduous_tree sunny star heart eyeglasses scissors hammer closed_book teddy_bear bell chair trophy rocket',
  },
];
