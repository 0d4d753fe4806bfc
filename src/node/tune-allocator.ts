/**
 * To be imported first by scripts that train: starts the process anew, once, with an allocator that keeps what it frees.
 *
 * ONNX Runtime's binding copies every result into a fresh array besides writing it into the array it was given. These
 * arrays are half a megabyte and more, for which glibc asks the system for new pages and gives them back each time; a
 * training step of 256 images then spends a third of its time on page faults. glibc reads its settings only when a
 * process starts, so the same process is started again in place, with the same number, arguments and streams.
 */
const MEMORY = 2 ** 32;
const SETTINGS = [
  `glibc.malloc.mmap_threshold=${MEMORY}`,
  `glibc.malloc.trim_threshold=${MEMORY}`,
  `glibc.malloc.top_pad=${2 ** 26}`,
];

const { env, execArgv, execPath, argv, platform } = process;
// Whoever sets it knows better; elsewhere than on Linux there is no glibc.
if (platform === 'linux' && env['GLIBC_TUNABLES'] === undefined && process.execve) {
  process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], {
    ...env,
    GLIBC_TUNABLES: SETTINGS.join(':'),
  });
}
export {};
