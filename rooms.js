/**
 * The rooms of the house (docs/architecture.md) and what each of them knows: the rooms named, and whatever those know.
 * A folder belongs to the most specific room that holds it. ESLint refuses every import that is not allowed here.
 */
export const rooms = {
  'src/math': [],
  'src/i18n': [],
  'src/node': [],
  'src/data': ['src/math'],
  'src/data/node': ['src/data', 'src/node'],
  'src/network': ['src/data'],
  'src/evaluation': ['src/data'],
  'src/drawing': ['src/data'],
  'src/training': ['src/network', 'src/evaluation', 'src/drawing'],
  'src/artifacts': ['src/training', 'src/i18n'],
  'src/engines': [],
  'src/engines/wasm': ['src/engines', 'src/network'],
  'src/engines/webgpu': ['src/engines', 'src/network'],
  'src/engines/onnxruntime': ['src/engines/wasm', 'src/artifacts', 'src/node'],
  'src/engines/node': ['src/engines/onnxruntime', 'src/engines/wasm', 'src/engines/webgpu'],
  'src/engines/web': ['src/engines/wasm', 'src/engines/webgpu', 'src/artifacts'],
  'src/runs': ['src/engines/node', 'src/data/node'],
  // It reads published files from the disk while the site is built.
  'src/site': ['src/engines/web', 'src/node'],
  'src/content': [],
  'src/client': ['src/data', 'src/i18n'],
  'src/components/charts': ['src/client', 'src/site'],
  'src/components/demos': ['src/components/charts'],
  'src/components/live': ['src/components/charts'],
  'src/components/published': ['src/components/live'],
  'src/components/report': ['src/components/live', 'src/content'],
  'src/styles': [],
  'src/layouts': ['src/client', 'src/styles'],
  'src/pages': ['src/layouts', 'src/components/demos', 'src/components/published', 'src/components/report'],
  bench: ['src/runs', 'src/engines/web'],
  scripts: ['bench'],
};

/** All that a room may import from, itself among it. */
export function known(room, found = new Set()) {
  if (!found.has(room)) {
    found.add(room);
    for (const other of rooms[room]) known(other, found);
  }
  return found;
}
