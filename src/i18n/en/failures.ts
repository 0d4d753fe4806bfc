/** What goes wrong in the demos: the engine's failures by their names, then what the reader has given. */
export default {
  unreachable:
    'The model did not load: no connection, or the server did not answer. Your drawings are kept; try again once you are connected.',
  missing:
    'The model did not load: {file} is not on the server. Your drawings are kept; choose another model, or try again later.',
  damaged:
    'The model did not load: {file} differs from the published file ({reason}). Your drawings are kept; reload the page, or choose another model.',
  'not-kept':
    'The network you taught did not load: it is gone from this browser, or incomplete. Your drawings are kept; choose another model, or teach one again.',
  'no-backend':
    'No backend works in this browser. Your drawings are kept; use a newer browser, or take “backend” out of the address.',
  silentBackend: '– {name} did not answer and was skipped',
  stopped:
    'The computation stopped repeatedly. Your drawings, and a training up to its last epoch, are kept; reload the page.',
  images:
    'The images did not load: no connection, or the browser falsifies pictures that a page reads (fingerprinting protection: allow this site to read them). Your drawings are kept; try again after that.',
  partMissing:
    'The part of the page that reads pictures did not load; try again once you are connected. The pad is unchanged.',
  badImage:
    'This file is not a picture that can be read (PNG, JPEG, WebP, GIF, SVG …). The pad is unchanged.',
  heic: 'This browser does not read HEIC pictures; save it as JPEG or PNG, or take a screenshot of it. The pad is unchanged.',
  unsafeSvg:
    'This SVG holds a script or refers to other files, which are never run or loaded here; save it as PNG. The pad is unchanged.',
  falsified:
    'The browser falsifies pictures that a page reads (fingerprinting protection); allow this site to read them, then try again. The pad is unchanged.',
  droppedLink:
    'What was dropped is the address of a picture, not the picture; save it first, then choose or drop the file. The pad is unchanged.',
  largeImage: 'The picture is larger than {limit} MB; make it smaller first. The pad is unchanged.',
  vastImage: 'The picture has more than {limit} million pixels; make it smaller first. The pad is unchanged.',
  blankPicture: 'This picture has only one colour; there is nothing to put on the pad. The pad is unchanged.',
  uploadNoJson:
    'Choose model.json together with its .bin file; there is no model.json among what was chosen. The weights are unchanged.',
  uploadBadJson: '{file} is not valid JSON. The weights are unchanged.',
  uploadMissing:
    'model.json names the file {file}, which was not chosen; choose both files together. The weights are unchanged.',
  uploadBad: '{file} cannot be used: {reason}. The weights are unchanged.',
  badEpochs: 'The number of epochs must be a whole number from 1 to 1000.',
  badLearningRate: 'The learning rate must be a number above 0, such as 0.001.',
  badBatch: 'The batch size must be a whole number, 2 or more.',
  noDrawings: 'There is nothing to learn yet: draw something or choose pictures and add them.',
  tooFew: 'There are too few images: at least two are needed, and three or more per class work better.',
  oneClass:
    'All images are of one class; the network would predict it for every image. Add another class, or replay more.',
  noName: 'The eleventh class needs a name.',
  longName: 'The name of the class is too long: 24 characters at most.',
  knownName: 'The network knows a class of this name already; choose another name.',
  oneDrawing: 'One drawing is not enough to learn a class from: add at least one more, better three or more.',
  elevenClasses:
    'The network to begin with knows eleven classes, and this lesson is for ten: choose “A class of its own”, or begin with a published network in the settings.',
  badPerClass:
    'The number of images per class must be a whole number, from 1 up to those that the page brings along: 200 from nothing, 100 elsewhere.',
  uploadNoPair:
    '{file} does not belong to {topology}: they are of two downloads. Choose both files of one. The weights are unchanged.',
  uploadOutputs:
    'This network knows {count} classes; ten or eleven can be taught here. The weights are unchanged.',
};
